package v1

import (
	"context"
	"strings"

	"windfall/shared/api"
	"windfall/shared/app"
)

// StripeWebhook serves POST /webhooks/stripe: Stripe's events. The signature is
// checked on the raw bytes. Any failure is answered with an error, so that
// Stripe delivers the event again.
func StripeWebhook(a *app.App) api.Dialect {
	return dialect(api.Route{Pattern: "POST /webhooks/stripe", Access: api.Open, Handle: func(ctx context.Context, req api.Request) (any, error) {
		// The adapter splits header values at commas; a signature holds some.
		signature := strings.Join(req.Header.Values("Stripe-Signature"), ",")
		if err := a.Webhook(ctx, req.Caller, req.Body, signature); err != nil {
			return nil, err
		}
		return map[string]bool{"received": true}, nil
	}})
}
