// Command attach serves POST /v1/attach: it attaches products to a customer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.Attach(withstripe.App())) }
