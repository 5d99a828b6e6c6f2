// Command cancel serves POST /v1/cancel: it ends a customer's product.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.Cancel(withstripe.App())) }
