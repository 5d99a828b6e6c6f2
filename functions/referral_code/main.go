// Command referral_code serves POST /v1/referrals/code: a customer's code in a referral program.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.ReferralCode(wire.App())) }
