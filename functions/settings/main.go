// Command settings serves /v1/settings: what a company chooses per environment.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Settings(wire.App())) }
