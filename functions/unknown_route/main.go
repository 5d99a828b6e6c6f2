// Command unknown_route answers every route that no other function has with a 404.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.UnknownRoute(wire.App())) }
