// Command stripe_webhook serves POST /webhooks/stripe: Stripe's events.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.StripeWebhook(withstripe.App())) }
