// Command redemptions serves /v1/redemptions: who used which code, what became of the reward, and what a person says of those that are held.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.Redemptions(withstripe.App())) }
