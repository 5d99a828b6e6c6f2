// Command track serves POST /v1/track and its batch: it records the use of features.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Track(wire.App())) }
