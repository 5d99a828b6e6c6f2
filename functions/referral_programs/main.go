// Command referral_programs serves /v1/reward_programs: the rewards that customers earn by bringing others.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.ReferralPrograms(wire.App())) }
