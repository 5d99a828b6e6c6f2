// Command balances serves balances.create, delete, update and list, and balances.finalize.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Balances(wire.App())) }
