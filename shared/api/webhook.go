package api

import (
	"context"
	"strings"

	"windfall/shared/app"
)

// StripeWebhook serves POST /webhooks/stripe: what Stripe says happened. The
// signature is checked on the raw bytes. Any failure is answered with an
// error, so that Stripe delivers the event again.
func StripeWebhook(a *app.App) *Function {
	return NewFunction(a, Route{"POST /webhooks/stripe", Open, func(ctx context.Context, req Request) (any, error) {
		// The adapter splits header values at commas; a signature holds some.
		signature := strings.Join(req.Header.Values("Stripe-Signature"), ",")
		if err := a.Webhook(ctx, req.Caller, req.Body, signature); err != nil {
			return nil, err
		}
		return map[string]bool{"received": true}, nil
	}, false})
}
