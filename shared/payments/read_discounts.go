package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Discounts implements app.Payments. One call. A deleted customer has none.
func (s *Stripe) Discounts(ctx context.Context, env catalog.Env, stripeID string, now time.Time) ([]catalog.RunningDiscount, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	c, err := a.discountedCustomer(ctx, stripeID)
	if missing(err) || errors.Is(err, errCustomerGone) {
		return nil, nil
	}
	if err != nil {
		return nil, a.explain(err)
	}
	var out []catalog.RunningDiscount
	for _, d := range running(c, now) {
		one, err := discountOf(d)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// discountOf converts a discount. A coupon that is not of our rewards has its
// own id.
func discountOf(d *stripe.Discount) (catalog.RunningDiscount, error) {
	c := d.Coupon
	out := catalog.RunningDiscount{RewardID: cmp.Or(c.Metadata[metaRewardID], c.ID), Name: c.Name, Type: catalog.FixedDiscount,
		Currency: money.Currency(c.Currency), Months: int(c.DurationInMonths), Start: moment(d.Start), End: moment(d.End), SubscriptionID: d.Subscription}
	for ours, theirs := range durations {
		if theirs == c.Duration {
			out.Duration = ours
		}
	}
	if c.AmountOff > 0 {
		out.Value = out.Currency.Major(money.Amount(c.AmountOff))
		return out, nil
	}
	percent, err := money.StoredDecimal(fmt.Sprint(c.PercentOff)) // the shortest text, as Stripe sent it
	out.Type, out.Value = catalog.PercentageDiscount, percent
	return out, err
}
