// Command settings serves /v1/settings: a company's settings of an environment.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Settings(wire.App())) }
