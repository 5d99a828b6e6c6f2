package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Customer implements app.Payments. One call for a customer with a card: the
// card attached last comes with its customer, which has the default. Without a
// card that answer is empty, and a second call shows whether the customer
// exists.
//
// Checkout saves a card on the subscription and attaches it to the customer,
// but does not make it the default. Reading attached cards finds it all the
// same, so a completed page needs no write.
func (s *Stripe) Customer(ctx context.Context, env catalog.Env, stripeID string) (app.StripeCustomer, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return app.StripeCustomer{}, err
	}
	return a.payer(ctx, stripeID)
}

func (a account) payer(ctx context.Context, stripeID string) (app.StripeCustomer, error) {
	card, err := a.newestCard(ctx, stripeID)
	if err == nil && card == nil {
		return a.withoutCard(ctx, stripeID)
	}
	if missing(err) {
		return a.withoutCard(ctx, stripeID)
	}
	if err != nil {
		return app.StripeCustomer{}, a.explain(err)
	}
	if card.Customer != nil && card.Customer.Deleted {
		return app.StripeCustomer{Deleted: true}, nil
	}
	found := app.StripeCustomer{Found: true, ID: stripeID}
	if card.Customer != nil {
		found = customerOf(card.Customer)
	}
	if found.Card == "" {
		found.Card, found.Spare = card.ID, card.Customer == nil || card.Customer.DefaultSource == nil
	}
	return found, nil
}

// newestCard is the payment method attached last, or nil. Stripe lists the
// newest first, whatever its type.
func (a account) newestCard(ctx context.Context, stripeID string) (*stripe.PaymentMethod, error) {
	params := &stripe.CustomerListPaymentMethodsParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(1), Single: true},
		Customer:   &stripeID,
	}
	params.AddExpand("data.customer")
	list := a.customers.ListPaymentMethods(params)
	if list.Next() {
		return list.PaymentMethod(), nil
	}
	return nil, list.Err()
}

// withoutCard tells a customer without a card from a deleted one, and from one that the
// key does not know.
func (a account) withoutCard(ctx context.Context, stripeID string) (app.StripeCustomer, error) {
	c, err := a.customers.Get(stripeID, &stripe.CustomerParams{Params: stripe.Params{Context: ctx}})
	if missing(err) {
		return app.StripeCustomer{}, nil
	}
	if err == nil && c.Deleted {
		return app.StripeCustomer{Deleted: true}, nil
	}
	if err != nil {
		return app.StripeCustomer{}, a.explain(err)
	}
	return customerOf(c), nil
}

// customerOf reads a customer, with their default card if there is one.
func customerOf(c *stripe.Customer) app.StripeCustomer {
	out := app.StripeCustomer{Found: true, ID: c.ID, Discounted: c.Discount != nil, Currency: money.Currency(c.Currency), Balance: money.Amount(c.Balance)}
	if s := c.InvoiceSettings; s != nil && s.DefaultPaymentMethod != nil {
		out.Card = s.DefaultPaymentMethod.ID
	}
	return out
}

// collectable is payer for an invoice that Stripe collects: it charges the default card
// alone, so a spare one becomes that. No call more otherwise.
//
// Source: https://docs.stripe.com/billing/revenue-recovery/smart-retries (payment method ordering)
func (a account) collectable(ctx context.Context, stripeID string) (app.StripeCustomer, error) {
	c, err := a.payer(ctx, stripeID)
	if err == nil && c.Spare {
		err = a.setDefaultCard(ctx, stripeID, c.Card)
	}
	return c, err
}
