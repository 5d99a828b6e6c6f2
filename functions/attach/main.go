// Command attach serves POST /v1/attach: it gives products to a customer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.Attach(withstripe.App())) }
