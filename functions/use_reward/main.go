// Command use_reward serves POST /v1/rewards/redeem, with which a customer uses a promotion code, POST
// /v1/customers/{customer_id}/coupons/{reward_id}, with which the application gives a reward, and POST
// /v1/rewards/explain, which says why one can or can't be used.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.UseReward(withstripe.App())) }
