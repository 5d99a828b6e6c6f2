// Command stripe_webhook serves POST /webhooks/stripe: Stripe's events.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.StripeWebhook(withstripe.App())) }
