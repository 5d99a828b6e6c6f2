// Command events lists the usage of customers, and adds it up.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Events(wire.App())) }
