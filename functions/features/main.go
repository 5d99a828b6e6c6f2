// Command features serves /v1/features: what products can grant.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Features(wire.App())) }
