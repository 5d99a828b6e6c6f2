package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// newCustomer creates a customer at Stripe. One call.
func (j job) newCustomer(ctx context.Context, n *billing.NewCustomer, r billing.Results) (billing.Results, error) {
	create := func(p stripe.Params) (*stripe.Customer, error) {
		return j.customers.New(&stripe.CustomerParams{Params: p, Name: known(n.Name), Email: known(n.Email), Address: addressParams(n.Address), Metadata: j.metadata()})
	}
	find := func() (*stripe.Customer, error) { return j.findCustomer(ctx, n.Email) }
	c, err := once(ctx, j, "", create, find)
	if err != nil {
		return r, err
	}
	r.CustomerID = c.ID
	return r, nil
}

// addressParams has every part, so that those of the address before go with it; nil for none.
func addressParams(a *billing.Address) *stripe.AddressParams {
	if a == nil {
		return nil
	}
	return &stripe.AddressParams{Country: &a.Country, PostalCode: &a.PostalCode, State: &a.State, City: &a.City, Line1: &a.Line1, Line2: &a.Line2}
}

// findCustomer finds the customer of this operation, or returns nil. Of our own
// fields Stripe can filter customers only by e-mail address; without one a
// second customer is created, and the first stays behind unused.
func (j job) findCustomer(ctx context.Context, email string) (*stripe.Customer, error) {
	if email == "" {
		return nil, nil
	}
	list := j.customers.List(&stripe.CustomerListParams{ListParams: every(ctx), Email: &email})
	for list.Next() {
		if c := list.Customer(); j.made(c.Metadata) {
			return c, nil
		}
	}
	return nil, list.Err()
}

// known omits an empty parameter: sent empty, it would clear the field.
func known(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// every requests a list in as few pages as Stripe allows.
func every(ctx context.Context) stripe.ListParams {
	return stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}
}
