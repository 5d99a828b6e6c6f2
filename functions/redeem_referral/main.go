// Command redeem_referral serves POST /v1/referrals/redeem, with which a customer uses another one's code, and /v1/redemptions: what became of each use, and what a person says of those that are held.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.RedeemReferral(withstripe.App())) }
