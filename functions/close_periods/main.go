// Command close_periods is the sweep: it runs due background work every few minutes.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.ClosePeriods(withstripe.App())) }
