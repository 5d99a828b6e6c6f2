package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// UpdateCustomer implements app.Payments. One call, or none for a customer
// without a Stripe id. The ids are sent too, because a customer may get the
// application's id late. Unknown fields are not sent: the customer may have
// filled them in on a page. A customer deleted at Stripe is no error.
func (s *Stripe) UpdateCustomer(ctx context.Context, env catalog.Env, c billing.Customer) error {
	if c.StripeID == "" {
		return nil
	}
	a, err := s.account(ctx, env)
	if err != nil {
		return err
	}
	params := &stripe.CustomerParams{
		Params:   stripe.Params{Context: ctx},
		Name:     known(c.Name),
		Email:    known(c.Email),
		Address:  addressParams(c.Address),
		Metadata: map[string]string{metaCustomer: c.Key(), metaInternal: c.InternalID},
	}
	_, err = a.customers.Update(c.StripeID, params)
	if missing(err) {
		return nil
	}
	return a.explain(err)
}

// SetDefaultCard implements app.Payments. One call. A card that was detached
// since is missing to Stripe too.
func (s *Stripe) SetDefaultCard(ctx context.Context, env catalog.Env, stripeID, card string) error {
	a, err := s.account(ctx, env)
	if err != nil {
		return err
	}
	return a.explain(a.setDefaultCard(ctx, stripeID, card))
}

func (a account) setDefaultCard(ctx context.Context, stripeID, card string) error {
	_, err := a.customers.Update(stripeID, &stripe.CustomerParams{Params: stripe.Params{Context: ctx},
		InvoiceSettings: &stripe.CustomerInvoiceSettingsParams{DefaultPaymentMethod: &card}})
	if missing(err) {
		return nil
	}
	return err
}

// deleteCustomer deletes the customer at Stripe; it succeeds if that was done
// before. One call. Stripe ends the customer's subscriptions at once.
func (j job) deleteCustomer(ctx context.Context, stripeID string) error {
	_, err := j.customers.Del(stripeID, &stripe.CustomerParams{Params: j.params(ctx, "")})
	if missing(err) {
		return nil
	}
	return err
}
