// Command referral_programs serves /v1/reward_programs: the rewards that customers earn by bringing others.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.ReferralPrograms(wire.App())) }
