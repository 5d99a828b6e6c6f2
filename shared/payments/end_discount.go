package payments

import (
	"context"
	"errors"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// endDiscount takes a discount off the customer: the one that is meant, and no other. Three
// calls, or one where it is there no more. The operation is noted on the customer first:
// a later try must not take a discount that is gone for one that was used up.
func (j job) endDiscount(ctx context.Context, n *billing.EndDiscount, r billing.Results) (billing.Results, error) {
	if n.SubscriptionID != "" {
		return r, j.endOnSubscription(ctx, n)
	}
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
	case !j.runs(d),
		n.Began.IsZero() && (c.Metadata[metaReward] != n.OperationID || d.Coupon.Metadata[metaRewardID] != n.RewardID),
		!n.Began.IsZero() && d.Start != n.Began.Unix():
		return r, nil
	}
	if !r.DiscountEnded {
		note := &stripe.CustomerParams{Params: stripe.Params{Context: ctx}, Metadata: map[string]string{metaRewardEnded: j.ref.OperationID, metaTakenOff: d.ID}}
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

// endOnSubscription takes the discount off a subscription that began at a moment, or where
// none is said that of the reward, and no other. One call, and one more where it is there.
func (j job) endOnSubscription(ctx context.Context, n *billing.EndDiscount) error {
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	d := sub.Discount
	switch {
	case over(sub) || !j.runs(d),
		n.Began.IsZero() && d.Coupon.Metadata[metaRewardID] != n.RewardID,
		!n.Began.IsZero() && d.Start != n.Began.Unix():
		return nil
	}
	_, err = j.subscriptions.Update(sub.ID, &stripe.SubscriptionParams{Params: stripe.Params{Context: ctx},
		Coupon: stripe.String(""), Metadata: map[string]string{metaTakenOff: d.ID}})
	return err
}

// runs reports whether a discount is there, and not over.
func (j job) runs(d *stripe.Discount) bool {
	return d != nil && !d.Deleted && (d.End == 0 || d.End > j.ref.Now.Unix()) && d.Coupon != nil
}
