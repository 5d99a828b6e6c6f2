// Command rewards serves /v1/rewards: discounts, invoice credits and free products.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Rewards(wire.App())) }
