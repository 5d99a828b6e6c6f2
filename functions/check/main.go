// Command check serves POST /v1/check: may this customer use this feature, or do they have this product?
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire"
)

func main() { lambda.Start(v1.Check(wire.App())) }
