// Command unknown_route answers every route that no other function has with a 404.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.UnknownRoute(wire.App())) }
