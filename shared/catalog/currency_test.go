package catalog_test

import (
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestPricesInOtherCurrencies(t *testing.T) {
	t.Parallel()
	fee := func(prices Prices) WantedItem {
		return WantedItem{Item: Item{Price: Decp("20"), Prices: prices, Cycle: Monthly, BillingUnits: One}}
	}
	use := func(first, last Prices) WantedItem {
		return WantedItem{Item: Item{FeatureID: "credits", UsageModel: PayPerUse, Cycle: Monthly, BillingUnits: One,
			Tiers: []Tier{{To: Decp("10"), Amount: One, Prices: first}, {Amount: Zero, Prices: last}}}}
	}
	one := func(c Currency, price string) Prices { return Prices{c: Dec(price)} }
	for name, tt := range map[string]struct {
		items []WantedItem
		why   refusal.Reason
	}{
		"one":                   {[]WantedItem{fee(one("eur", "18"))}, ""},
		"several":               {[]WantedItem{fee(Prices{"eur": Dec("18.55"), "jpy": Dec("2000"), "kwd": Dec("6.15"), "isk": Dec("2500"), "huf": Dec("700.5")})}, ""},
		"an unknown code":       {[]WantedItem{fee(one("xxx", "18"))}, ReasonPricesCurrency},
		"capitals":              {[]WantedItem{fee(one("EUR", "18"))}, ReasonPricesCurrency},
		"the environment's":     {[]WantedItem{fee(one("usd", "18"))}, ReasonPricesOfOwnCurrency},
		"below 0":               {[]WantedItem{fee(one("eur", "-1"))}, ReasonPricesNegative},
		"0":                     {[]WantedItem{fee(one("eur", "0"))}, ReasonPricesNotPositive},
		"a part of a cent":      {[]WantedItem{fee(one("eur", "0.005"))}, ReasonAmountTooFine},
		"a part of a yen":       {[]WantedItem{fee(one("jpy", "0.5"))}, ReasonAmountTooFine},
		"a part of a króna":     {[]WantedItem{fee(one("isk", "0.5"))}, ReasonAmountTooFine},
		"a fils":                {[]WantedItem{fee(one("kwd", "6.155"))}, ReasonAmountTooFine},
		"the largest":           {[]WantedItem{fee(one("kwd", "99999.99"))}, ""},
		"more than the largest": {[]WantedItem{fee(one("kwd", "100000"))}, ReasonAmountTooLarge},
		"without a price":       {[]WantedItem{{Item: Item{FeatureID: "credits", Prices: one("eur", "1"), BillingUnits: One}}}, ReasonPricesWithoutPrice},
		"of tiers":              {[]WantedItem{use(one("eur", "0.5"), one("eur", "0"))}, ""},
		"of a tier":             {[]WantedItem{use(one("eur", "0.5"), nil)}, ReasonTierCurrencies},
		"of tiers that differ":  {[]WantedItem{use(one("eur", "0.5"), one("gbp", "0"))}, ReasonTierCurrencies},
		"of tiers for nothing":  {[]WantedItem{use(one("eur", "0"), one("eur", "0"))}, ReasonPricesNotPositive},
		"of one price of two":   {[]WantedItem{fee(one("eur", "18")), use(nil, nil)}, ReasonPricesUneven},
		"of both":               {[]WantedItem{fee(one("eur", "18")), use(one("eur", "1"), one("eur", "1"))}, ""},
		"more than one charge":  {[]WantedItem{fee(one("kwd", "60000")), fee(one("kwd", "60000"))}, ReasonPricesTooLarge},
	} {
		_, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "p", Items: &tt.items, OperationID: "op", Now: April})
		if got := ReasonOf(err); got != tt.why {
			t.Errorf("%s: %v, want %q", name, err, tt.why)
		}
	}
}

// In a currency a product has that currency's prices and no other, at most once resolved;
// what costs nothing is the same in all of them.
func TestAProductInACurrency(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		eur := Int(rapid.Int64Range(1, 9999).Draw(t, "eur"))
		p := OfItems("p", "main", Fee("fee", "20", Monthly), Allowance("free", "messages", "10", Monthly))
		p.Items[0].Prices = Prices{"eur": eur}
		c := &Catalog{Settings: Settings{Currency: "usd"}, Products: map[string][]Product{"p": {p}}, StripePrices: map[string]string{"fee": "usd_1", "fee/eur": "eur_1", "fee/jpy": "jpy_1"}}
		if rapid.Bool().Draw(t, "indexed") {
			c = c.Indexed()
		}
		view := c.In("eur")
		in, _ := view.Product("p")
		if !in.Items[0].Price.Equal(eur) || in.Items[0].Prices != nil || view.Currency() != "eur" || view.Offered(in) != nil || !in.Items[1].Same(p.Items[1]) {
			t.Fatalf("%+v", in)
		}
		if len(view.StripePrices) != 1 || view.StripePrices["fee"] != "eur_1" || view.PriceKey("fee") != "fee/eur" || c.PriceKey("fee") != "fee" {
			t.Fatalf("%v", view.StripePrices)
		}
		if view.In("usd") != c || c.In("") != c || view.In("eur").Currency() != "eur" || !view.Seen() || c.Seen() {
			t.Fatal("a view is of the catalog that is stored")
		}
		if yen, _ := c.In("jpy").Product("p"); c.In("jpy").Offered(yen) == nil {
			t.Fatal("it is not sold in yen")
		}
		if again, _ := c.Product("p"); !again.Items[0].Price.Equal(Int(20)) {
			t.Fatal("the catalog was changed")
		}
	})
}
