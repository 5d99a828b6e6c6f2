// Command dashboard serves the pages below /dashboard, for the people of the company.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/dashboard"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(dashboard.Dashboard(withstripe.App())) }
