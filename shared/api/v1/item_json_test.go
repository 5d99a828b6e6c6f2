package v1

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

var itemFeatures = map[string]catalog.Feature{
	"messages":  {ID: "messages", Type: catalog.SingleUse},
	"seats":     {ID: "seats", Type: catalog.ContinuousUse},
	"dashboard": {ID: "dashboard", Type: catalog.Boolean},
	"credits":   {ID: "credits", Type: catalog.CreditSystem},
}

// anyItem draws an item that makes sense for its feature.
func anyItem(t *rapid.T) catalog.WantedItem {
	amount := func(what string) money.Decimal {
		return decimal.New(rapid.Int64Range(1, 100_000).Draw(t, what), rapid.Int32Range(-2, 0).Draw(t, what+" exponent"))
	}
	w := catalog.WantedItem{Item: catalog.Item{
		FeatureID:    rapid.SampledFrom([]string{"", "messages", "seats", "dashboard", "credits"}).Draw(t, "feature"),
		Cycle:        money.Cycle{Interval: rapid.SampledFrom([]money.Interval{money.Never, money.Week, money.Month, money.Year}).Draw(t, "interval"), Count: rapid.IntRange(1, 3).Draw(t, "count")},
		BillingUnits: money.One,
		ResetUsage:   rapid.Bool().Draw(t, "reset"),
	}}
	if w.FeatureID == "" || w.FeatureID == "dashboard" {
		w.ResetUsage = false
	}
	if !w.Cycle.Repeats() {
		w.Cycle.Count = 1
	}
	switch pricing := rapid.IntRange(0, 2).Draw(t, "pricing"); {
	case w.FeatureID == "":
		price := amount("price")
		w.Price = &price
		return w
	case w.FeatureID == "dashboard":
		return w
	case pricing == 0:
		w.Unlimited = rapid.Bool().Draw(t, "unlimited")
	case pricing == 1:
		price := amount("price")
		w.Price = &price
	default:
		end := money.Int(100 * rapid.Int64Range(1, 9).Draw(t, "first tier"))
		w.Tiers = []catalog.Tier{{To: &end, Amount: amount("first")}, {Amount: amount("rest")}}
	}
	if w.Unlimited {
		return w
	}
	w.Included = amount("included")
	if rapid.Bool().Draw(t, "limited") {
		limit := w.Included.Add(amount("limit"))
		w.UsageLimit = &limit
	}
	if w.Price != nil || w.Tiers != nil {
		w.UsageModel = rapid.SampledFrom([]catalog.UsageModel{"", catalog.Prepaid}).Draw(t, "model")
		w.BillingUnits = rapid.SampledFrom([]money.Decimal{money.One, money.Int(100)}).Draw(t, "pack")
		w.OnIncrease = rapid.SampledFrom([]string{"", "bill_immediately"}).Draw(t, "increase")
		w.OnDecrease = rapid.SampledFrom([]string{"", "none"}).Draw(t, "decrease")
		if w.UsageModel == "" && !w.Cycle.Repeats() {
			w.Cycle.Interval = money.Month
		}
	}
	return w
}

// Whatever item a product may have, its JSON posted back makes the same item.
func TestAnItemPostedBackIsTheSame(t *testing.T) {
	t.Parallel()
	cat := &catalog.Catalog{Features: itemFeatures}
	create := func(w catalog.WantedItem) (catalog.Product, error) {
		change, err := catalog.DecideCreateProduct(cat, catalog.EditProduct{ID: "p", Items: &[]catalog.WantedItem{w}})
		return change.Product, err
	}
	rapid.Check(t, func(t *rapid.T) {
		product, err := create(anyItem(t))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(productItems(product, itemFeatures))
		if err != nil {
			t.Fatal(err)
		}
		var read []itemJSON
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		wanted, err := read[0].wanted(0)
		if err != nil {
			t.Fatal(err)
		}
		again, err := create(wanted)
		if err != nil {
			t.Fatalf("%s was refused: %v", text, err)
		}
		if diff := cmp.Diff(product.Items, again.Items); diff != "" {
			t.Fatalf("%s came back changed (-first +again):\n%s", text, diff)
		}
	})
}
