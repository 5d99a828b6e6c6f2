// Command unknown_route answers every route that no other function has, with a 404.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.UnknownRoute(wire.App())) }
