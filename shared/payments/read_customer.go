package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
)

// Customer implements app.Payments. One call, and a second for a customer
// without a default payment method.
//
// Checkout saves a card on the subscription and attaches it to the customer,
// but does not make it the default. Reading what is attached finds it all the
// same, so nothing has to be written when a page is completed.
func (s *Stripe) Customer(ctx context.Context, env billing.Env, stripeID string) (app.StripeCustomer, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return app.StripeCustomer{}, err
	}
	c, err := a.customers.Get(stripeID, &stripe.CustomerParams{Params: stripe.Params{Context: ctx}})
	if missing(err) || err == nil && c.Deleted {
		return app.StripeCustomer{}, nil
	}
	if err != nil {
		return app.StripeCustomer{}, a.explain(err)
	}
	found := app.StripeCustomer{Found: true, ID: c.ID}
	if c.InvoiceSettings != nil && c.InvoiceSettings.DefaultPaymentMethod != nil {
		found.Card = c.InvoiceSettings.DefaultPaymentMethod.ID
		return found, nil
	}
	found.Card, err = a.newestCard(ctx, stripeID)
	return found, a.explain(err)
}

// newestCard is the payment method attached last, or "". Stripe lists the
// newest first, whatever its type.
func (a account) newestCard(ctx context.Context, stripeID string) (string, error) {
	list := a.customers.ListPaymentMethods(&stripe.CustomerListPaymentMethodsParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(1), Single: true},
		Customer:   &stripeID,
	})
	if list.Next() {
		return list.PaymentMethod().ID, nil
	}
	return "", list.Err()
}
