// Command check serves POST /v1/check: may this customer use this feature, or do they have this product?
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire"
)

func main() { lambda.Start(endpoints.Check(wire.App())) }
