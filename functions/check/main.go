// Command check serves POST /v1/check: may this customer use this feature.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Check(wire.App())) }
