// Command products serves /v1/products: products are what customers buy.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Products(wire.App())) }
