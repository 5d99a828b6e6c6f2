// Command rewards serves /v1/rewards; what customers can be given beside a product.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Rewards(wire.App())) }
