// Command referral_code serves POST /v1/referrals/code; a customer's code in a referral program.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.ReferralCode(wire.App())) }
