// Command billing_portal serves Stripe's customer portal and POST /v1/setup_payment, which saves a card.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.BillingPortal(withstripe.App())) }
