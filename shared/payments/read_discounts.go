package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
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

// discountsOf lists what the running discounts of a customer and of the
// subscriptions take off which items. One call, and for each discount one or
// two more: its scope is in no other answer.
func (a account) discountsOf(ctx context.Context, stripeID string, currency money.Currency, now time.Time) ([]billing.BillDiscount, error) {
	c, err := a.discountedCustomer(ctx, stripeID)
	if missing(err) || errors.Is(err, errCustomerGone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []billing.BillDiscount
	for _, d := range running(c, now) {
		if d.Coupon.AmountOff > 0 && money.Currency(d.Coupon.Currency) != currency {
			continue // it lowers invoices in another currency
		}
		one := billing.BillDiscount{SubscriptionID: d.Subscription, End: moment(d.End), Once: d.Coupon.Duration == stripe.CouponDurationOnce, Ours: d.Coupon.Metadata[metaRewardID] != "", Discount: reward.Discount{Currency: currency, Amount: money.Amount(d.Coupon.AmountOff)}}
		if one.Discount.Amount == 0 {
			if one.Discount.Percent, err = money.StoredDecimal(fmt.Sprint(d.Coupon.PercentOff)); err != nil { // the shortest text, as Stripe sent it
				return nil, err
			}
		}
		if one.Discount.Items, err = a.covered(ctx, d.Coupon.ID); err != nil {
			return nil, err
		}
		if one.SubscriptionID != "" && len(out) > 0 && out[0].SubscriptionID == "" { // the customer's is the first
			one.Then = &out[0]
		}
		out = append(out, one)
	}
	return out, nil
}

// covered lists the items of the products that a coupon is limited to; nil if it
// is for everything. One that is deleted has no limit that can be read.
func (a account) covered(ctx context.Context, couponID string) ([]string, error) {
	params := &stripe.CouponParams{Params: stripe.Params{Context: ctx}}
	params.AddExpand("applies_to")
	coupon, err := a.coupons.Get(couponID, params)
	if missing(err) || err == nil && (coupon.AppliesTo == nil || len(coupon.AppliesTo.Products) == 0) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ids := make([]*string, len(coupon.AppliesTo.Products))
	for i := range ids {
		ids[i] = &coupon.AppliesTo.Products[i]
	}
	items := []string{}
	list := a.products.List(&stripe.ProductListParams{ListParams: every(ctx), IDs: ids})
	for list.Next() {
		p := list.Product()
		items = append(items, cmp.Or(p.Metadata[metaItem], p.ID)) // of a product that is not ours: see waiting
	}
	return items, list.Err()
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
