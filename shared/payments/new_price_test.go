package payments_test

import (
	"errors"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

func TestPriceAsStripeIsTold(t *testing.T) {
	t.Parallel()
	words := billing.NewPrice{ItemID: "pr_words", ProductID: "pro", Name: "Pro: words", Currency: "usd", FeatureID: "words", Pack: money.Int(100)}
	for name, c := range map[string]struct {
		price billing.NewPrice
		told  map[string]string
	}{
		"a fraction of a cent stays exact": {with(words, func(p *billing.NewPrice) { p.Amount = dec(t, "0.1"); p.Cycle = money.Cycle{Interval: money.Month} }),
			map[string]string{"unit_amount_decimal": "0.1", "unit_amount": "", "recurring[interval]": "month", "recurring[interval_count]": "1",
				"lookup_key": "pr_words", "currency": "usd", "product_data[name]": "Pro: words", "metadata[item_id]": "pr_words",
				"metadata[product_id]": "pro", "metadata[feature_id]": "words", "metadata[billing_units]": "100", "product_data[metadata][item_id]": "pr_words"}},
		"more than 2^53 cents stays exact": {with(words, func(p *billing.NewPrice) { p.Amount = dec(t, "9007199254740993") }),
			map[string]string{"unit_amount_decimal": "9007199254740993"}},
		"twelve decimals are Stripe's most": {with(words, func(p *billing.NewPrice) { p.Amount = dec(t, "0.0000000000016") }),
			map[string]string{"unit_amount_decimal": "0.000000000002"}},
		"paid once": {words, map[string]string{"unit_amount_decimal": "0", "recurring[interval]": "", "billing_scheme": ""}},
		"a quarter is three months": {with(words, func(p *billing.NewPrice) { p.Cycle = money.Cycle{Interval: money.Quarter, Count: 1} }),
			map[string]string{"recurring[interval]": "month", "recurring[interval_count]": "3"}},
		"two half-years": {with(words, func(p *billing.NewPrice) { p.Cycle = money.Cycle{Interval: money.SemiAnnual, Count: 2} }),
			map[string]string{"recurring[interval]": "month", "recurring[interval_count]": "12"}},
		"two weeks": {with(words, func(p *billing.NewPrice) { p.Cycle = money.Cycle{Interval: money.Week, Count: 2} }),
			map[string]string{"recurring[interval]": "week", "recurring[interval_count]": "2"}},
		"tiers": {with(words, func(p *billing.NewPrice) {
			p.Tiers = []billing.PriceTier{{UpTo: 10, Amount: dec(t, "12.5")}, {Amount: money.Int(7)}}
		}), map[string]string{"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers[0][up_to]": "10", "tiers[0][unit_amount_decimal]": "12.5",
			"tiers[1][up_to]": "inf", "tiers[1][unit_amount_decimal]": "7", "unit_amount_decimal": ""}},
		"a plain price of a product without name": {billing.NewPrice{ItemID: "pr_1", ProductID: "pro", Currency: "jpy", Amount: money.Int(1900)},
			map[string]string{"product_data[name]": "pro", "metadata[feature_id]": "", "metadata[billing_units]": "", "currency": "jpy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := always(200, `{"id":"price_1","object":"price"}`)
			before := map[string]string{"pr_other": "price_0"}
			r, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "p", Price: &c.price}, billing.Results{Prices: before})
			if err != nil || r.Prices[c.price.ItemID] != "price_1" || r.Prices["pr_other"] != "price_0" || len(before) != 1 {
				t.Fatalf("got %v, before %v, %v", r.Prices, before, err)
			}
			want(t, rec.last().Params, c.told)
		})
	}
}

func with(p billing.NewPrice, change func(*billing.NewPrice)) billing.NewPrice {
	change(&p)
	return p
}

func TestPriceThatStripeCannotBill(t *testing.T) {
	t.Parallel()
	rec := always(200, `{"id":"price_1"}`)
	hourly := billing.NewPrice{ItemID: "pr_1", Currency: "usd", Cycle: money.Cycle{Interval: money.Hour}}
	_, err := over(rec).Perform(t.Context(), catalog.Sandbox, ada, billing.Step{Name: "p", Price: &hourly}, billing.Results{})
	var refused *refusal.Error
	if !errors.As(err, &refused) || refused.Kind != refusal.KindInvalid || len(rec.seen) != 0 {
		t.Errorf("err %v, asked %v", err, rec.paths())
	}
}
