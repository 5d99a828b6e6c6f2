// Command rewards serves /v1/rewards: discounts, invoice credits and free products.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Rewards(wire.App())) }
