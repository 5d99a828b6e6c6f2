package billing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func dec(s string) Decimal   { return decimal.RequireFromString(s) }
func decp(s string) *Decimal { d := dec(s); return &d }

// wants builds items out of words; the unit is 1 unless said.
func wants(featureID string, more ...func(*WantedItem)) WantedItem {
	w := WantedItem{Item: Item{FeatureID: featureID, BillingUnits: One}}
	for _, m := range more {
		m(&w)
	}
	return w
}

type tweak = func(*WantedItem)

func costs(amount string) tweak { return func(w *WantedItem) { w.Price = decp(amount) } }
func every(i Interval) tweak    { return func(w *WantedItem) { w.Cycle = Cycle{i, 1} } }
func everyN(n int, i Interval) tweak {
	return func(w *WantedItem) { w.Cycle = Cycle{i, n} }
}
func includes(n string) tweak   { return func(w *WantedItem) { w.Included = dec(n) } }
func model(m UsageModel) tweak  { return func(w *WantedItem) { w.UsageModel = m } }
func packs(n string) tweak      { return func(w *WantedItem) { w.BillingUnits = dec(n) } }
func limit(n string) tweak      { return func(w *WantedItem) { w.UsageLimit = decp(n) } }
func typed(f FeatureType) tweak { return func(w *WantedItem) { w.FeatureType = f } }
func unlimited(w *WantedItem)   { w.Unlimited = true }
func perEntity(id string) tweak { return func(w *WantedItem) { w.EntityID = id } }
func onIncrease(s string) tweak { return func(w *WantedItem) { w.OnIncrease = s } }
func behaves(s string) tweak    { return func(w *WantedItem) { w.TierBehavior = s } }
func rollsOver(w *WantedItem)   { w.Rollover = true }

// tiers takes "to amount" pairs: "10 5", "inf 3".
func tiers(pairs ...string) tweak {
	return func(w *WantedItem) {
		for _, p := range pairs {
			to, amount, _ := strings.Cut(p, " ")
			tier := Tier{Amount: dec(amount)}
			if to != "inf" {
				tier.To = decp(to)
			}
			w.Tiers = append(w.Tiers, tier)
		}
	}
}

func TestOneItem(t *testing.T) {
	t.Parallel()
	const bad, inputs, missing = "invalid_product_item", "invalid_inputs", "feature_not_found"
	for _, tt := range []struct {
		name string
		item WantedItem
		code string
	}{
		{"a price by the month", wants("", costs("20"), every(Month)), ""},
		{"a price paid once", wants("", costs("9.99")), ""},
		{"messages by the month", wants("messages", includes("100"), every(Month)), ""},
		{"messages every 90 minutes", wants("messages", includes("100"), everyN(90, Minute)), ""},
		{"unlimited messages", wants("messages", unlimited), ""},
		{"a boolean feature", wants("dashboard"), ""},
		{"pay per use in packs", wants("messages", costs("1"), packs("100"), every(Month), model(PayPerUse)), ""},
		{"usage priced to a ten-thousandth of a cent", wants("messages", costs("0.000001"), every(Month)), ""},
		{"prepaid packs bought once", wants("messages", costs("9"), packs("250"), model(Prepaid)), ""},
		{"prepaid credits", wants("credits", costs("10"), packs("250"), model(Prepaid)), ""},
		{"graduated tiers, the first free", wants("messages", tiers("10 0", "100 0.5", "inf 0.25"), every(Month)), ""},
		{"pay per use tiers may end inside a pack", wants("messages", tiers("15 1", "inf 2"), packs("10"), every(Month)), ""},
		{"a limit at the included usage", wants("messages", costs("1"), includes("10"), limit("10"), every(Month)), ""},
		{"seats per entity", wants("messages", perEntity("seats"), every(Month)), ""},
		{"a known feature by the name items have for its type", wants("credits", typed(SingleUse), every(Month)), ""},
		{"graduated is what tiers are", wants("messages", tiers("inf 1"), every(Month), behaves("graduated")), ""},

		{"nothing at all", wants(""), bad},
		{"both price and tiers", wants("messages", costs("1"), tiers("inf 1"), every(Month)), bad},
		{"tiers of no feature", wants("", tiers("inf 1"), every(Month)), bad},
		{"a price of 0", wants("", costs("0"), every(Month)), bad},
		{"a price below 0", wants("", costs("-1"), every(Month)), bad},
		{"a usage price of 0", wants("messages", costs("0"), every(Month)), bad},
		{"a fixed price finer than cents", wants("", costs("9.999"), every(Month)), bad},
		{"a usage price finer than Stripe takes", wants("messages", costs("0.00000000001"), every(Month)), bad},
		{"a price above Stripe's largest", wants("", costs("1000000"), every(Month)), bad},
		{"a plain price with included usage", wants("", costs("1"), includes("5")), bad},
		{"a plain price with packs", wants("", costs("1"), packs("5")), bad},
		{"a plain price with seats to prorate", wants("", costs("1"), onIncrease("bill_immediately")), bad},
		{"a price by the day", wants("", costs("1"), every(Day)), inputs},
		{"usage billed by the hour", wants("messages", costs("1"), every(Hour)), inputs},
		{"an interval nobody knows", wants("messages", every("fortnight")), inputs},
		{"no interval at all between resets", wants("messages", everyN(0, Month)), inputs},
		{"a negative number of intervals", wants("", costs("1"), everyN(-1, Month)), inputs},
		{"a price every four years", wants("", costs("1"), everyN(4, Year)), inputs},
		{"a reset every thousand and one months", wants("messages", everyN(1001, Month)), inputs},
		{"included usage below 0", wants("messages", includes("-1")), bad},
		{"a price for what is unlimited", wants("messages", unlimited, costs("1"), every(Month)), bad},
		{"pay per use without an interval", wants("messages", costs("1"), model(PayPerUse)), bad},
		{"a usage model nobody knows", wants("messages", costs("1"), every(Month), model("postpaid")), bad},
		{"a usage model without a price", wants("messages", every(Month), model(PayPerUse)), bad},
		{"packs without a price", wants("messages", every(Month), packs("10")), bad},
		{"proration without a price", wants("seats", onIncrease("bill_immediately")), bad},
		{"half a unit as a pack", wants("messages", costs("1"), every(Month), packs("0.5")), bad},
		{"a pack of nothing", wants("messages", costs("1"), every(Month), packs("0")), bad},
		{"a proration nobody knows", wants("seats", costs("1"), every(Month), onIncrease("later")), bad},
		{"a limit of 0", wants("messages", costs("1"), every(Month), limit("0")), bad},
		{"a limit below the included usage", wants("messages", costs("1"), includes("10"), limit("9"), every(Month)), bad},
		{"a limit of what is unlimited", wants("messages", unlimited, limit("9")), bad},
		{"a price on a boolean feature", wants("dashboard", costs("1"), every(Month)), bad},
		{"included usage of a boolean feature", wants("dashboard", includes("1")), bad},
		{"a feature of another type", wants("messages", typed(ContinuousUse)), bad},
		{"a feature kept per itself", wants("messages", perEntity("messages")), bad},
		{"volume tiers", wants("messages", tiers("inf 1"), every(Month), behaves("volume")), bad},
		{"units kept at a reset", wants("messages", every(Month), rollsOver), bad},
		{"a feature nobody made", wants("nothing"), missing},
		{"an entity nobody made", wants("messages", perEntity("nothing")), missing},

		{"tiers that fall", wants("messages", tiers("10 1", "5 1", "inf 1"), every(Month)), bad},
		{"tiers that stand still", wants("messages", tiers("10 1", "10 1", "inf 1"), every(Month)), bad},
		{"a tier that ends at 0", wants("messages", tiers("0 1", "inf 1"), every(Month)), bad},
		{"tiers that end", wants("messages", tiers("10 1"), every(Month)), bad},
		{"tiers after the end", wants("messages", tiers("inf 1", "inf 2"), every(Month)), bad},
		{"a tier that pays the customer", wants("messages", tiers("10 -1", "inf 2"), every(Month)), bad},
		{"tiers that cost nothing", wants("messages", tiers("10 0", "inf 0"), every(Month)), bad},
		{"a prepaid tier that ends inside a pack", wants("messages", tiers("15 1", "inf 2"), packs("10"), model(Prepaid), every(Month)), bad},
		{"a prepaid tier of two packs", wants("messages", tiers("20 1", "inf 2"), packs("10"), model(Prepaid), every(Month)), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Items: &[]WantedItem{wants("", costs("5")), tt.item}})
			wantCode(t, err, tt.code)
			if err != nil && !strings.Contains(err.Error(), "items[1]") && tt.code != missing {
				t.Errorf("%q does not say which item is meant", err)
			}
		})
	}
}

func TestItemsAreStoredWithWhatFollowsFromTheirFeature(t *testing.T) {
	t.Parallel()
	items := []WantedItem{
		wants("", costs("20"), every(Month), func(w *WantedItem) { w.ResetUsage = true }),
		wants("seats", includes("3"), every(Month)),
		wants("dashboard", every(Month), func(w *WantedItem) { w.ResetUsage = true }),
		wants("messages", costs("0.1"), every(Month)),
	}
	got, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Items: &items, OperationID: "OP"})
	wantCode(t, err, "")
	want := []Item{
		{ID: "pr_OP_0", Price: decp("20"), Cycle: Cycle{Month, 1}, BillingUnits: One},
		{ID: "pr_OP_1", FeatureID: "seats", Included: dec("3"), BillingUnits: One}, // what is held never resets
		{ID: "pr_OP_2", FeatureID: "dashboard", BillingUnits: One},                 // on or off, no numbers
		{ID: "pr_OP_3", FeatureID: "messages", Price: decp("0.1"), Cycle: Cycle{Month, 1}, UsageModel: PayPerUse, BillingUnits: One},
	}
	if diff := cmp.Diff(want, got.Product.Items); diff != "" {
		t.Errorf("items (-want +got):\n%s", diff)
	}
}

// Whatever tiers are accepted, every quantity has one price, more never costs
// less, and where Stripe counts packs it comes to the same.
func TestAcceptedTiersPriceEveryQuantity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pack := rapid.Int64Range(1, 500).Draw(t, "pack")
		w := wants("messages", every(Month), model(Prepaid), packs(Int(pack).String()))
		to := int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "tiers") {
			to += pack * rapid.Int64Range(1, 50).Draw(t, "packs in tier")
			w.Tiers = append(w.Tiers, Tier{To: ptrTo(Int(to)), Amount: decimal.New(rapid.Int64Range(0, 1e6).Draw(t, "amount"), -4)})
		}
		w.Tiers = append(w.Tiers, Tier{Amount: decimal.New(rapid.Int64Range(1, 1e6).Draw(t, "amount"), -4)})
		tweak, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Items: &[]WantedItem{w}})
		if err != nil {
			t.Fatal(err)
		}
		item := tweak.Product.Items[0]
		n := rapid.Int64Range(0, 400).Draw(t, "n")
		low, high := item.Charge(Int(n), "usd"), item.Charge(Int(n+1), "usd")
		if low > high {
			t.Fatalf("%d packs cost %d, one more costs %d", n, low, high)
		}
		if want := DefaultCurrency.Minor(byTheUnit(item, n)); low != want {
			t.Fatalf("%d packs cost %d, unit by unit %d", n, low, want)
		}
	})
}

// byTheUnit prices packs one at a time, each by the tier it falls in.
func byTheUnit(item Item, packs int64) Decimal {
	sum := Zero
	for p := range packs {
		units := Int(p + 1).Mul(item.Pack())
		for _, tier := range item.Tiers {
			if tier.To == nil || units.LessThanOrEqual(*tier.To) {
				sum = sum.Add(tier.Amount)
				break
			}
		}
	}
	return sum
}
