package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// newPrice creates a price and its Stripe product. One call, or two if the
// price exists under its lookup key already.
//
// Every price has a Stripe product of its own, because coupons are restricted
// to products and ours may apply to one price alone.
func (j job) newPrice(ctx context.Context, n *billing.NewPrice, r billing.Results) (billing.Results, error) {
	interval, count, err := recurrence(n.Cycle)
	if err != nil {
		return r, err
	}
	create := func(p stripe.Params) (*stripe.Price, error) {
		params := priceParams(p, n)
		if interval != "" {
			params.Recurring = &stripe.PriceRecurringParams{Interval: &interval, IntervalCount: &count}
		}
		return j.prices.New(params)
	}
	find := func() (*stripe.Price, error) { return j.findPrice(ctx, n.PriceKey()) }
	made, err := once(ctx, j, "", create, find)
	if lookupKeyTaken(err) {
		found, findErr := find()
		if findErr != nil {
			return r, findErr
		}
		if found == nil {
			return r, err
		}
		made, err = found, nil
	}
	if err != nil {
		return r, err
	}
	prices := maps.Clone(r.Prices)
	if prices == nil {
		prices = map[string]string{}
	}
	prices[n.ItemID], prices[n.PriceKey()] = made.ID, made.ID
	r.Prices = prices
	return r, nil
}

// findPrice finds the price with a lookup key, or returns nil.
func (j job) findPrice(ctx context.Context, key string) (*stripe.Price, error) {
	list := j.prices.List(&stripe.PriceListParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(1), Single: true},
		LookupKeys: []*string{&key},
	})
	if list.Next() {
		return list.Price(), nil
	}
	return nil, list.Err()
}

// lookupKeyTaken reports whether a price was refused because another has its
// lookup key. Stripe sends no code for it, only the parameter.
func lookupKeyTaken(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && refused(err) && e.Param == "lookup_key"
}

func priceParams(p stripe.Params, n *billing.NewPrice) *stripe.PriceParams {
	about := map[string]string{metaItem: n.ItemID, metaProduct: n.ProductID}
	if n.FeatureID != "" {
		about[metaFeature], about[metaUnits] = n.FeatureID, n.Pack.String()
	}
	params := &stripe.PriceParams{
		Params:      p,
		Currency:    stripe.String(string(n.Currency)),
		LookupKey:   stripe.String(n.PriceKey()),
		Metadata:    about,
		ProductData: &stripe.PriceProductDataParams{Name: stripe.String(cmp.Or(n.Name, n.ProductID)), Metadata: about},
	}
	params.TaxBehavior = known(string(n.TaxBehavior))
	if len(n.Tiers) == 0 {
		params.AddExtra("unit_amount_decimal", minorUnits(n.Amount))
		return params
	}
	params.BillingScheme = stripe.String(string(stripe.PriceBillingSchemeTiered))
	params.TiersMode = stripe.String(string(stripe.PriceTiersModeGraduated))
	for i, tier := range n.Tiers {
		upTo := "inf"
		if tier.UpTo > 0 {
			upTo = fmt.Sprint(tier.UpTo)
		}
		params.AddExtra(fmt.Sprintf("tiers[%d][up_to]", i), upTo)
		params.AddExtra(fmt.Sprintf("tiers[%d][unit_amount_decimal]", i), minorUnits(tier.Amount))
	}
	return params
}

// minorUnits formats an amount for Stripe: text with at most 12 decimals.
// stripe-go's own field is a float.
//
// Source: https://docs.stripe.com/api/prices/create#create_price-unit_amount_decimal
func minorUnits(amount money.Decimal) string { return amount.Round(12).String() }

// recurrence is a cycle in Stripe's terms; "" for a price paid once. Stripe has
// no quarters and bills nothing more often than daily.
func recurrence(c money.Cycle) (interval string, count int64, err error) {
	count = int64(max(1, c.Count))
	switch c.Interval {
	case money.Never:
		return "", 0, nil
	case money.Day, money.Week, money.Month, money.Year:
		return string(c.Interval), count, nil
	case money.Quarter, money.SemiAnnual:
		return string(money.Month), int64(c.Months()), nil
	default:
		return "", 0, refusal.Invalid(app.ReasonStripeInterval, c.Interval)
	}
}
