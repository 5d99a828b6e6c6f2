// Command billing_portal serves Stripe's customer portal and POST /v1/setup_payment, which saves a card.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.BillingPortal(withstripe.App())) }
