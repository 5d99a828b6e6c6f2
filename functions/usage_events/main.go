// Command usage_events files every track as an event, out of the table's stream.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.UsageEvents(wire.App())) }
