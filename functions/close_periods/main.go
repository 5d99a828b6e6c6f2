// Command close_periods runs every few minutes and finishes what nobody came back for.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.ClosePeriods(withstripe.App())) }
