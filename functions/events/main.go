// Command events lists what customers used, and adds it up.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Events(wire.App())) }
