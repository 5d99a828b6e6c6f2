// Command referral_code serves POST /v1/referrals/code: a customer's code in a referral program.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.ReferralCode(wire.App())) }
