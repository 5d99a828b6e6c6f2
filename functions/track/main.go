// Command track serves POST /v1/track: it records the use of a feature.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Track(wire.App())) }
