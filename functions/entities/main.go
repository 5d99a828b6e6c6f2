// Command entities serves /v1/customers/{customer_id}/entities: seats, workspaces or projects with balances of their own.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Entities(wire.App())) }
