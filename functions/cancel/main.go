// Command cancel serves POST /v1/cancel: it ends a customer's product.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.Cancel(withstripe.App())) }
