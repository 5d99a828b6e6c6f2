// Command settings serves /v1/settings: a company's settings of an environment.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Settings(wire.App())) }
