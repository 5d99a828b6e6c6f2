// Command stripe_webhook serves POST /webhooks/stripe: what Stripe says happened.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(api.StripeWebhook(withstripe.App())) }
