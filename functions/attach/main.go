// Command attach serves POST /v1/attach: it attaches products to a customer.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.Attach(withstripe.App())) }
