package payments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// couponID names a coupon by its reward and its terms: an edited reward is
// another coupon, as a coupon of Stripe can't be changed.
func couponID(n billing.Coupon) string {
	sum := sha256.Sum256([]byte(n.Terms()))
	return n.RewardID + "_" + hex.EncodeToString(sum[:6])
}

// coupon creates a coupon at Stripe, or finds the one with its id, and returns
// the id. One call, and one for each price it is restricted to.
func (j job) coupon(ctx context.Context, n billing.Coupon, r billing.Results) (string, error) {
	id := couponID(n)
	params, err := j.couponParams(ctx, id, n, r)
	if err != nil {
		return "", err
	}
	create := func(p stripe.Params) (*stripe.Coupon, error) {
		params.Params = p
		if n.Amount == 0 {
			params.AddExtra("percent_off", n.Percent.String()) // stripe-go's own field is a float
		}
		return j.coupons.New(params)
	}
	_, err = once(ctx, j, "coupon", create, func() (*stripe.Coupon, error) {
		c, err := j.coupons.Get(id, &stripe.CouponParams{Params: stripe.Params{Context: ctx}})
		if missing(err) {
			return nil, nil
		}
		return c, err
	})
	if exists(err) {
		err = nil
	}
	return id, err
}

// couponOf is the id of the coupon that lowers a purchase, nil without one. No call
// without one, else those of coupon.
func (j job) couponOf(ctx context.Context, n *billing.Coupon, r billing.Results) (*string, error) {
	if n == nil {
		return nil, nil
	}
	id, err := j.coupon(ctx, *n, r)
	return &id, err
}

// longestName is the longest name of a coupon, in characters.
//
// Source: https://docs.stripe.com/api/coupons/create#create_coupon-name
const longestName = 40

// durations has Stripe's words for the duration of a discount.
var durations = map[string]stripe.CouponDuration{
	catalog.OneOffDiscount: stripe.CouponDurationOnce, catalog.MonthsDiscount: stripe.CouponDurationRepeating,
	catalog.ForeverDiscount: stripe.CouponDurationForever,
}

func (j job) couponParams(ctx context.Context, id string, n billing.Coupon, r billing.Results) (*stripe.CouponParams, error) {
	name := []rune(n.Name)
	params := &stripe.CouponParams{ID: &id, Name: stripe.String(string(name[:min(len(name), longestName)])),
		Duration: stripe.String(string(durations[n.Duration])), Metadata: map[string]string{metaRewardID: n.RewardID}}
	if n.Credits {
		params.Metadata[metaCredits] = "true"
	}
	if n.Amount > 0 {
		params.AmountOff, params.Currency = stripe.Int64(int64(n.Amount)), stripe.String(string(n.Currency))
	}
	if n.Duration == catalog.MonthsDiscount {
		params.DurationInMonths = stripe.Int64(int64(n.Months))
	}
	for _, l := range n.Only {
		price, err := j.priceFor(ctx, l, r)
		if err != nil {
			return nil, err
		}
		if params.AppliesTo == nil {
			params.AppliesTo = &stripe.CouponAppliesToParams{}
		}
		params.AppliesTo.Products = append(params.AppliesTo.Products, &price.Product.ID)
	}
	return params, nil
}

// exists reports whether an object was not created because its id is taken.
func exists(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && e.Code == stripe.ErrorCodeResourceAlreadyExists
}
