package payments

import (
	"context"
	"encoding/json"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/catalog"
)

// PaymentMethod implements app.Payments: two calls. It is passed on byte for
// byte, so that callers see every kind.
func (s *Stripe) PaymentMethod(ctx context.Context, env catalog.Env, stripeID string) (json.RawMessage, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	payer, err := a.payer(ctx, stripeID)
	if err != nil || payer.Card == "" {
		return nil, err
	}
	method, err := a.customers.RetrievePaymentMethod(payer.Card,
		&stripe.CustomerRetrievePaymentMethodParams{Params: stripe.Params{Context: ctx}, Customer: &stripeID})
	if missing(err) {
		return nil, nil // detached at this moment
	}
	if err != nil {
		return nil, a.explain(err)
	}
	return method.LastResponse.RawJSON, nil
}
