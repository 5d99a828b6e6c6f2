package payments

import (
	"context"
	"encoding/json"
	"slices"

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

// CardFingerprints implements app.Payments. One call: of more than 100 cards the newest
// are read. A wallet may show a number of its own, which has another fingerprint.
func (s *Stripe) CardFingerprints(ctx context.Context, env catalog.Env, stripeID string) ([]string, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	list := a.customers.ListPaymentMethods(&stripe.CustomerListPaymentMethodsParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(100), Single: true},
		Customer:   &stripeID, Type: stripe.String(string(stripe.PaymentMethodTypeCard))})
	var out []string
	for list.Next() {
		if card := list.PaymentMethod().Card; card != nil && card.Fingerprint != "" {
			out = append(out, card.Fingerprint)
		}
	}
	if missing(list.Err()) {
		return nil, nil
	}
	slices.Sort(out)
	return slices.Compact(out), a.explain(list.Err())
}
