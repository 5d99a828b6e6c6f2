package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func packs(n string) Tweak { return func(w *WantedItem) { w.BillingUnits = Dec(n) } }
func limit(n string) Tweak { return func(w *WantedItem) { w.UsageLimit = Decp(n) } }

func unlimited(w *WantedItem)   { w.Unlimited = true }
func perEntity(id string) Tweak { return func(w *WantedItem) { w.EntityID = id } }
func kind(k ItemKind) Tweak     { return func(w *WantedItem) { w.Kind = k } }
func onIncrease(s string) Tweak { return func(w *WantedItem) { w.OnIncrease = s } }
func behaves(s string) Tweak    { return func(w *WantedItem) { w.TierBehavior = s } }
func taxed(b TaxBehavior) Tweak { return func(w *WantedItem) { w.TaxBehavior = b } }
func rollsOver(w *WantedItem)   { w.Rollover = true }

// tiers takes "to amount" pairs: "10 5", "inf 3".
func tiers(pairs ...string) Tweak {
	return func(w *WantedItem) {
		for _, p := range pairs {
			to, amount, _ := strings.Cut(p, " ")
			tier := Tier{Amount: Dec(amount)}
			if to != "inf" {
				tier.To = Decp(to)
			}
			w.Tiers = append(w.Tiers, tier)
		}
	}
}

func TestOneItem(t *testing.T) {
	t.Parallel()
	const missing = "feature_not_found"
	for _, tt := range []struct {
		name string
		item WantedItem
		why  refusal.Reason
	}{
		{"a price by the month", Wants("", Costs("20"), Every(Month)), ""},
		{"a price paid once", Wants("", Costs("9.99")), ""},
		{"a price that contains its tax", Wants("", Costs("20"), Every(Month), taxed(TaxInclusive)), ""},
		{"a price of use without its tax", Wants("messages", Costs("1"), Every(Month), taxed(TaxExclusive)), ""},
		{"a price taxed in another way", Wants("", Costs("20"), Every(Month), taxed("unspecified")), ReasonTaxBehaviorUnknown},
		{"an allowance that is taxed", Wants("messages", Includes("100"), Every(Month), taxed(TaxInclusive)), ReasonTaxBehaviorWithoutPrice},
		{"a switch that is taxed", Wants("dashboard", taxed(TaxInclusive)), ReasonTaxBehaviorWithoutPrice},
		{"messages by the month", Wants("messages", Includes("100"), Every(Month)), ""},
		{"messages every 90 minutes", Wants("messages", Includes("100"), EveryN(90, Minute)), ""},
		{"unlimited messages", Wants("messages", unlimited), ""},
		{"a boolean feature", Wants("dashboard"), ""},
		{"pay per use in packs", Wants("messages", Costs("1"), packs("100"), Every(Month), Model(PayPerUse)), ""},
		{"usage priced to a ten-thousandth of a cent", Wants("messages", Costs("0.000001"), Every(Month)), ""},
		{"prepaid packs bought once", Wants("messages", Costs("9"), packs("250"), Model(Prepaid)), ""},
		{"prepaid credits", Wants("credits", Costs("10"), packs("250"), Model(Prepaid)), ""},
		{"graduated tiers, the first free", Wants("messages", tiers("10 0", "100 0.5", "inf 0.25"), Every(Month)), ""},
		{"pay per use tiers may end inside a pack", Wants("messages", tiers("15 1", "inf 2"), packs("10"), Every(Month)), ""},
		{"a limit at the included usage", Wants("messages", Costs("1"), Includes("10"), limit("10"), Every(Month)), ""},
		{"a price of the kind it is", Wants("", Costs("20"), Every(Month), kind(PlainPrice)), ""},
		{"a feature of the kind it is", Wants("messages", Includes("100"), kind(PlainFeature)), ""},
		{"a priced feature of the kind it is", Wants("messages", Costs("1"), Every(Month), kind(PricedFeature)), ""},
		{"one interval, said of a price paid once", Wants("", Costs("20"), EveryN(1, Never)), ""},
		{"a known feature by the name items have for its type", Wants("credits", Typed(SingleUse), Every(Month)), ""},
		{"graduated is what tiers are", Wants("messages", tiers("inf 1"), Every(Month), behaves("graduated")), ""},

		{"nothing at all", Wants(""), "item_empty"},
		{"both price and tiers", Wants("messages", Costs("1"), tiers("inf 1"), Every(Month)), "price_and_tiers"},
		{"tiers of no feature", Wants("", tiers("inf 1"), Every(Month)), "tiers_without_feature"},
		{"a price of 0", Wants("", Costs("0"), Every(Month)), "plain_price_not_positive"},
		{"a price below 0", Wants("", Costs("-1"), Every(Month)), "plain_price_not_positive"},
		{"a usage price of 0", Wants("messages", Costs("0"), Every(Month)), "feature_price_not_positive"},
		{"a fixed price finer than cents", Wants("", Costs("9.999"), Every(Month)), "amount_too_fine"},
		{"a usage price finer than Stripe takes", Wants("messages", Costs("0.00000000001"), Every(Month)), "amount_too_fine"},
		{"a price above Stripe's largest", Wants("", Costs("1000000"), Every(Month)), "amount_too_large"},
		{"a plain price with included usage", Wants("", Costs("1"), Includes("5")), "allowance_without_feature"},
		{"a plain price with packs", Wants("", Costs("1"), packs("5")), "pack_without_feature"},
		{"a plain price with seats to prorate", Wants("", Costs("1"), onIncrease("bill_immediately")), "seat_rules_without_feature"},
		{"a price by the day", Wants("", Costs("1"), Every(Day)), "interval_of_a_price"},
		{"usage billed by the hour", Wants("messages", Costs("1"), Every(Hour)), "interval_of_a_price"},
		{"an interval nobody knows", Wants("messages", Every("fortnight")), "interval_unknown"},
		{"no interval at all between resets", Wants("messages", EveryN(0, Month)), "interval_count"},
		{"a negative number of intervals", Wants("", Costs("1"), EveryN(-1, Month)), "interval_count_of_a_price"},
		{"a price every four years", Wants("", Costs("1"), EveryN(4, Year)), "interval_count_of_a_price"},
		{"a reset every thousand and one months", Wants("messages", EveryN(1001, Month)), "interval_count"},
		{"included usage below 0", Wants("messages", Includes("-1")), "included_negative"},
		{"a price for what is unlimited", Wants("messages", unlimited, Costs("1"), Every(Month)), "price_of_unlimited"},
		{"pay per use without an interval", Wants("messages", Costs("1"), Model(PayPerUse)), "pay_per_use_without_interval"},
		{"a usage model nobody knows", Wants("messages", Costs("1"), Every(Month), Model("postpaid")), "usage_model_unknown"},
		{"a usage model without a price", Wants("messages", Every(Month), Model(PayPerUse)), "usage_model_without_price"},
		{"packs without a price", Wants("messages", Every(Month), packs("10")), "pack_without_price"},
		{"proration without a price", Wants("seats", onIncrease("bill_immediately")), "seat_rules_without_price"},
		{"half a unit as a pack", Wants("messages", Costs("1"), Every(Month), packs("0.5")), "pack_size"},
		{"a pack of nothing", Wants("messages", Costs("1"), Every(Month), packs("0")), "pack_size"},
		{"a proration nobody knows", Wants("seats", Costs("1"), Every(Month), onIncrease("later")), "increase_rule_unknown"},
		{"a limit of 0", Wants("messages", Costs("1"), Every(Month), limit("0")), "usage_limit_not_positive"},
		{"a limit below the included usage", Wants("messages", Costs("1"), Includes("10"), limit("9"), Every(Month)), "usage_limit_below_included"},
		{"a limit of what is unlimited", Wants("messages", unlimited, limit("9")), "usage_limit_below_included"},
		{"a price on a boolean feature", Wants("dashboard", Costs("1"), Every(Month)), "boolean_item"},
		{"included usage of a boolean feature", Wants("dashboard", Includes("1")), "boolean_item"},
		{"a feature of another type", Wants("messages", Typed(ContinuousUse)), "item_feature_type"},
		{"messages per entity", Wants("messages", perEntity("seats"), Every(Month)), "item_of_entities"},
		{"a boolean feature per entity", Wants("dashboard", perEntity("seats")), "item_of_entities"},
		{"a price per entity", Wants("", Costs("20"), perEntity("seats")), "item_of_entities"},
		{"a priced feature without a price", Wants("messages", Includes("10"), kind(PricedFeature)), "item_kind"},
		{"a feature with a price", Wants("messages", Costs("1"), Every(Month), kind(PlainFeature)), "item_kind"},
		{"a feature with tiers", Wants("messages", tiers("inf 1"), Every(Month), kind(PlainFeature)), "item_kind"},
		{"a price of a feature", Wants("messages", Costs("1"), Every(Month), kind(PlainPrice)), "item_kind"},
		{"a feature that names none", Wants("", Costs("1"), kind(PlainFeature)), "item_kind"},
		{"an unknown kind", Wants("", Costs("1"), kind("fee")), "item_kind"},
		{"a type of no feature", Wants("", Costs("1"), func(w *WantedItem) { w.FeatureType = SingleUse }), "feature_type_alone"},
		{"three of no interval to pay", Wants("", Costs("20"), EveryN(3, Never)), "interval_count_alone"},
		{"three of no interval to reset", Wants("messages", Includes("10"), EveryN(3, Never)), "interval_count_alone"},
		{"three of no interval to buy packs", Wants("messages", Costs("9"), packs("250"), Model(Prepaid), EveryN(3, Never)), "interval_count_alone"},
		{"less than no interval", Wants("", Costs("20"), EveryN(-1, Never)), "interval_count_alone"},
		{"volume tiers", Wants("messages", tiers("inf 1"), Every(Month), behaves("volume")), "tier_behavior"},
		{"units kept at a reset", Wants("messages", Every(Month), rollsOver), "rollover_of_an_item"},
		{"a feature nobody made", Wants("nothing"), missing},

		{"tiers that fall", Wants("messages", tiers("10 1", "5 1", "inf 1"), Every(Month)), "tier_not_above"},
		{"tiers that stand still", Wants("messages", tiers("10 1", "10 1", "inf 1"), Every(Month)), "tier_not_above"},
		{"a tier that ends at 0", Wants("messages", tiers("0 1", "inf 1"), Every(Month)), "tier_not_above"},
		{"tiers that end", Wants("messages", tiers("10 1"), Every(Month)), "last_tier_ends"},
		{"tiers after the end", Wants("messages", tiers("inf 1", "inf 2"), Every(Month)), "tier_without_end"},
		{"a tier that pays the customer", Wants("messages", tiers("10 -1", "inf 2"), Every(Month)), "tier_amount_negative"},
		{"tiers that cost nothing", Wants("messages", tiers("10 0", "inf 0"), Every(Month)), "tiers_cost_nothing"},
		{"a prepaid tier that ends inside a pack", Wants("messages", tiers("15 1", "inf 2"), packs("10"), Model(Prepaid), Every(Month)), "tier_cuts_a_pack"},
		{"a reset of no feature", Wants("", Costs("5"), func(w *WantedItem) { w.ResetUsage = true }), "reset_without_feature"},
		{"a switch at no interval", Wants("dashboard", Every("other")), "interval_unknown"},
		{"a switch that resets", Wants("dashboard", func(w *WantedItem) { w.ResetUsage = true }), "boolean_item_counts"},
		{"a prepaid tier of two packs", Wants("messages", tiers("20 1", "inf 2"), packs("10"), Model(Prepaid), Every(Month)), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Items: &[]WantedItem{Wants("", Costs("5")), tt.item}})
			WantReason(t, err, tt.why)
			var refused *refusal.Error
			if errors.As(err, &refused) && refused.Item != 2 && tt.why != missing {
				t.Errorf("%v: item %d of the list is meant, not %d", err, 2, refused.Item)
			}
		})
	}
}

func TestItemsAreStoredWithWhatFollowsFromTheirFeature(t *testing.T) {
	t.Parallel()
	items := []WantedItem{
		Wants("", Costs("20"), Every(Month)),
		Wants("seats", Includes("3"), Every(Month)),
		Wants("dashboard", Every(Month)),
		Wants("messages", Costs("0.1"), Every(Month)),
	}
	got, err := DecideCreateProduct(featureCatalog(), EditProduct{ID: "new", Items: &items, OperationID: "OP"})
	WantReason(t, err, "")
	want := []Item{
		{ID: "pr_OP_0", Price: Decp("20"), Cycle: Cycle{Interval: Month, Count: 1}, BillingUnits: One},
		{ID: "pr_OP_1", FeatureID: "seats", Included: Dec("3"), BillingUnits: One}, // what is held never resets
		{ID: "pr_OP_2", FeatureID: "dashboard", BillingUnits: One},                 // on or off, no numbers
		{ID: "pr_OP_3", FeatureID: "messages", Price: Decp("0.1"), Cycle: Cycle{Interval: Month, Count: 1}, UsageModel: PayPerUse, BillingUnits: One},
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
		w := Wants("messages", Every(Month), Model(Prepaid), packs(Int(pack).String()))
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
		low, errLow := item.Charge(Int(n), "usd")
		high, errHigh := item.Charge(Int(n+1), "usd")
		if errLow != nil || errHigh == nil && low > high {
			t.Fatalf("%d packs cost %d (%v), one more costs %d", n, low, errLow, high)
		}
		if want, err := Currency("usd").Minor(byTheUnit(item, n)); low != want || err != nil {
			t.Fatalf("%d packs cost %d, unit by unit %d (%v)", n, low, want, err)
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
