// Command products serves /v1/products: what customers can hold.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire"
)

func main() { lambda.Start(api.Products(wire.App())) }
