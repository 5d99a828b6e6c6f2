// Command track serves POST /v1/track and its batch: it records the use of features.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Track(wire.App())) }
