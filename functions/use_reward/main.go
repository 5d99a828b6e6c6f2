// Command use_reward serves POST /v1/rewards/redeem, with which a customer uses a promotion code, and POST /v1/rewards/explain, which says why one can or can't.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.UseReward(withstripe.App())) }
