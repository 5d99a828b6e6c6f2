// Command referral_programs serves /v1/reward_programs; which reward customers earn by bringing others.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.ReferralPrograms(wire.App())) }
