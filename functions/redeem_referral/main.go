// Command redeem_referral serves POST /v1/referrals/redeem, with which a customer uses another one's code, and /v1/redemptions: what became of each use, and what a person says of those that are held.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.RedeemReferral(withstripe.App())) }
