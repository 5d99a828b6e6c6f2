// Command entities serves /v1/customers/{customer_id}/entities: seats, workspaces or projects with balances of their own.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Entities(wire.App())) }
