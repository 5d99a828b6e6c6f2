package payments

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// putDiscount gives a customer a coupon, once, unless a discount runs. Three
// calls: the customer is read, the coupon created and applied; or one if there
// is nothing to do. The same update notes the operation on the customer, so
// that a later try sees that it was made, even if the discount is used up by
// then.
func (j job) putDiscount(ctx context.Context, n *billing.PutDiscount, r billing.Results) (billing.Results, error) {
	if n.OnSubscription {
		return j.discountSubscription(ctx, n, r)
	}
	c, err := j.discountedCustomer(ctx, r.CustomerID)
	if err != nil {
		return r, err
	}
	if j.rewarded(n, c) {
		r.Discounted = true
		return r, nil
	}
	if err := j.usedElsewhere(ctx, n.Back, c.Discount, r); err != nil {
		return r, err
	}
	switch run := running(c, j.ref.Now); {
	case len(run) > 0 && n.Back != nil:
		r.AgainOf = givenBy(c, run[0])
		r.Again, err = j.termsOf(ctx, *n.Back)
		return r, err
	case len(run) > 0:
		if turn := turnAfter(run, c, j.ref.Now); turn.IsZero() || turn.After(j.ref.Now) {
			r.DiscountTurn = turn
			return r, nil
		}
	}
	coupon, err := j.couponToPut(ctx, n, r)
	if err != nil {
		return r, err
	}
	put := func(p stripe.Params) (*stripe.Customer, error) {
		return j.customers.Update(r.CustomerID, &stripe.CustomerParams{Params: p, Coupon: &coupon,
			Metadata: j.noteOf(n, c)})
	}
	_, err = once(ctx, j, "", put, func() (*stripe.Customer, error) {
		c, err := j.discountedCustomer(ctx, r.CustomerID)
		if err != nil || !j.rewarded(n, c) {
			return nil, err
		}
		return c, nil
	})
	r.Discounted = err == nil
	return r, err
}

// endDiscount takes a discount off the customer: the one that is meant, and no other. Three
// calls, or one where it is there no more. The operation is noted on the customer first:
// a later try must not take a discount that is gone for one that was used up.
func (j job) endDiscount(ctx context.Context, n *billing.EndDiscount, r billing.Results) (billing.Results, error) {
	c, err := j.discountedCustomer(ctx, r.CustomerID)
	if errors.Is(err, errCustomerGone) || missing(err) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.DiscountEnded = c.Metadata[metaRewardEnded] == j.ref.OperationID
	d := c.Discount
	switch {
	case d == nil || d.Deleted || d.End != 0 && d.End <= j.ref.Now.Unix() || d.Coupon == nil,
		n.Began.IsZero() && (c.Metadata[metaReward] != n.OperationID || d.Coupon.Metadata[metaRewardID] != n.RewardID),
		!n.Began.IsZero() && d.Start != n.Began.Unix():
		return r, nil
	}
	if !r.DiscountEnded {
		note := &stripe.CustomerParams{Params: stripe.Params{Context: ctx}, Metadata: map[string]string{metaRewardEnded: j.ref.OperationID}}
		if _, err := j.customers.Update(r.CustomerID, note); err != nil {
			return r, err
		}
	}
	_, err = j.customers.DeleteDiscount(r.CustomerID, &stripe.CustomerDeleteDiscountParams{Params: stripe.Params{Context: ctx}})
	if missing(err) {
		err = nil
	}
	r.DiscountEnded = err == nil
	return r, err
}

// discountSubscription puts a coupon on the subscription of the operation, once,
// unless it has a discount. Three calls: it is read, the coupon created and
// applied; or one if there is nothing to do.
func (j job) discountSubscription(ctx context.Context, n *billing.PutDiscount, r billing.Results) (billing.Results, error) {
	sub, err := j.getSubscription(ctx, r.SubscriptionID)
	if err != nil {
		return r, err
	}
	put := func(s *stripe.Subscription) bool { return j.noted(n, s.Metadata) }
	switch {
	case put(sub):
		return r, nil
	case over(sub):
		return r, errSubscriptionOver
	}
	if err := j.usedElsewhere(ctx, n.Back, sub.Discount, r); err != nil {
		return r, err
	}
	if sub.Discount != nil && (sub.Discount.End == 0 || sub.Discount.End > j.ref.Now.Unix()) {
		return r, errDiscountRuns
	}
	coupon, err := j.couponToPut(ctx, n, r)
	if err != nil {
		return r, err
	}
	_, err = j.update(ctx, "", sub.ID, func() *stripe.SubscriptionParams {
		return &stripe.SubscriptionParams{Coupon: &coupon, Metadata: j.note(n)}
	}, put)
	return r, err
}

// errDiscountRuns means that staff gave the subscription a discount after the
// command was decided. Theirs stays.
var errDiscountRuns = refusal.Invalid(app.ReasonDiscountRuns)

// errCustomerGone means that the customer was deleted at Stripe. The next
// purchase creates another.
var errCustomerGone = refusal.NotFound(app.ReasonStripeCustomerDeleted)

// discountedCustomer reads a customer with all subscriptions that have not ended,
// as each of them may have a discount of its own. Stripe shows the first ten.
func (a account) discountedCustomer(ctx context.Context, id string) (*stripe.Customer, error) {
	params := &stripe.CustomerParams{Params: stripe.Params{Context: ctx}}
	params.AddExpand("subscriptions")
	c, err := a.customers.Get(id, params)
	switch {
	case err == nil && c.Deleted:
		return nil, errCustomerGone
	case err != nil || c.Subscriptions == nil || !c.Subscriptions.HasMore:
		return c, err
	}
	c.Subscriptions.Data = nil
	list := a.subscriptions.List(&stripe.SubscriptionListParams{ListParams: every(ctx), Customer: &id})
	for list.Next() {
		c.Subscriptions.Data = append(c.Subscriptions.Data, list.Subscription())
	}
	return c, list.Err()
}

func (j job) rewarded(n *billing.PutDiscount, c *stripe.Customer) bool { return j.noted(n, c.Metadata) }

// running lists the running discounts of a customer and of the subscriptions.
// Stripe may show an expired one until the next invoice.
func running(c *stripe.Customer, now time.Time) []*stripe.Discount {
	all := []*stripe.Discount{c.Discount}
	if c.Subscriptions != nil {
		for _, sub := range c.Subscriptions.Data {
			all = append(all, sub.Discount)
		}
	}
	return slices.DeleteFunc(all, func(d *stripe.Discount) bool {
		return d == nil || d.Deleted || d.End != 0 && d.End <= now.Unix()
	})
}
