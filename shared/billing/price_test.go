package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// graduated makes a prepaid item of tiers: "100 0.5" up to 100, "inf 0.25" from there.
func graduated(pack string, pairs ...[2]string) Item {
	item := Item{ID: "pr_t", FeatureID: "messages", UsageModel: Prepaid, BillingUnits: Dec(pack), Cycle: Monthly}
	for _, p := range pairs {
		tier := Tier{Amount: Dec(p[1])}
		if p[0] != "inf" {
			tier.To = Decp(p[0])
		}
		item.Tiers = append(item.Tiers, tier)
	}
	return item
}

func TestCharge(t *testing.T) {
	t.Parallel()
	tiers := graduated("100", [2]string{"500", "10"}, [2]string{"inf", "5"})
	for _, tt := range []struct {
		name     string
		item     Item
		packs    string
		currency Currency
		want     Amount
	}{
		{"a fixed price", Fee("pr", "19.99", Monthly), "1", "usd", 1999},
		{"a fixed price three times", Fee("pr", "19.99", Monthly), "3", "usd", 5997},
		{"rounded once, not for each pack", Fee("pr", "0.004", Monthly), "3", "usd", 1},
		{"half a cent is rounded up", Fee("pr", "0.005", Monthly), "1", "usd", 1},
		{"half a cent of many is exact", Fee("pr", "0.005", Monthly), "200", "usd", 100},
		{"yen", Fee("pr", "100", Monthly), "3", "jpy", 300},
		{"nothing", Fee("pr", "19.99", Monthly), "0", "usd", 0},
		{"within the first tier", tiers, "2", "usd", 2000},
		{"the end of the first tier", tiers, "5", "usd", 5000},
		{"one pack into the second", tiers, "6", "usd", 5500},
		{"far into the second", tiers, "105", "usd", 55000},
		{"no packs in tiers", tiers, "0", "usd", 0},
		{"three tiers, the first free", graduated("1", [2]string{"10", "0"}, [2]string{"20", "1"}, [2]string{"inf", "0.5"}), "30", "usd", 1500},
		{"a tier that ends inside a pack is shared by its units", graduated("10", [2]string{"15", "1"}, [2]string{"inf", "2"}), "2", "usd", 250},
		{"thirds of a pack", graduated("3", [2]string{"1", "1"}, [2]string{"inf", "2"}), "1", "usd", 167},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, err := tt.item.Charge(Dec(tt.packs), tt.currency); err != nil || got != tt.want {
				t.Errorf("got %d, %v, want %d", got, err, tt.want)
			}
		})
	}
}

// chargeOf is the charge of packs that an invoice takes.
func chargeOf(t *rapid.T, i Item, packs Decimal) Amount {
	amount, err := i.Charge(packs, "usd")
	if err != nil {
		t.Fatal(err)
	}
	return amount
}

// More packs never cost less, and splitting tiers of one amount changes nothing.
func TestChargesRiseWithThePacks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, 100_000)
		end := Int(rapid.Int64Range(1, 100).Draw(t, "end") * 100)
		first, second := Int(cents.Draw(t, "first")).Shift(-2), Int(cents.Draw(t, "second")).Shift(-2)
		item := Item{BillingUnits: Dec("100"), Tiers: []Tier{{To: &end, Amount: first}, {Amount: second}}}
		n := rapid.Int64Range(0, 300).Draw(t, "packs")
		charge := func(i Item, packs int64) Amount { return chargeOf(t, i, Int(packs)) }
		if less, more := charge(item, n), charge(item, n+1); more < less {
			t.Fatalf("%d packs cost %d, one more %d", n, less, more)
		}
		flat := Item{BillingUnits: Dec("100"), Price: &first}
		item.Tiers[1].Amount = first
		if got, want := charge(item, n), charge(flat, n); got != want {
			t.Fatalf("%d packs in two tiers of one amount cost %d, at a fixed price %d", n, got, want)
		}
	})
}

func TestLinesOfAProduct(t *testing.T) {
	t.Parallel()
	usage := Sells("pr_u", "words", PayPerUse, "1", "100", Monthly)
	tiered := graduated("100", [2]string{"500", "10"}, [2]string{"inf", "5"})
	p := OfItems("plan", "main", Fee("pr_base", "20", Monthly), Fee("pr_once", "5", Cycle{}), tiered, usage, Allowance("pr_a", "seats", "3", Cycle{}))
	base := Line{Description: "PLAN", ItemID: "pr_base", ProductID: "plan", Quantity: One, Amount: 2000, Recurring: true}
	once := Line{Description: "PLAN", ItemID: "pr_once", ProductID: "plan", Quantity: One, Amount: 500}
	packs := Line{Description: "PLAN: messages × 700", ItemID: "pr_t", ProductID: "plan", FeatureID: "messages", UsageModel: Prepaid,
		Quantity: Dec("7"), Amount: 6000, Recurring: true}
	for _, tt := range []struct {
		name    string
		options []Quantity
		want    []Line
	}{
		{"fixed prices and the packs bought", []Quantity{{FeatureID: "messages", Quantity: Dec("601")}}, []Line{base, once, packs}},
		{"no packs bought", nil, []Line{base, once}},
		{"none of them", []Quantity{{FeatureID: "messages", Quantity: Zero}}, []Line{base, once}},
		{"a quantity of something else", []Quantity{{FeatureID: "words", Quantity: Dec("100")}}, []Line{base, once}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, linesOf(p, tt.options, "usd")); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStripeCountsTiersInPacks(t *testing.T) {
	t.Parallel()
	got := stripePrice(&Catalog{Settings: Settings{Currency: "usd"}}, OfItems("plan", "main"), graduated("100", [2]string{"500", "10"}, [2]string{"inf", "0.005"}))
	want := []PriceTier{{UpTo: 5, Amount: Dec("1000")}, {Amount: Dec("0.5")}}
	if diff := cmp.Diff(want, got.Tiers); diff != "" {
		t.Errorf("tiers (-want +got):\n%s", diff)
	}
	if got := stripePrice(&Catalog{Settings: Settings{Currency: "jpy"}}, OfItems("plan", "main"), Fee("pr", "20", Monthly)); !got.Amount.Equal(Dec("20")) || got.Name != "PLAN" {
		t.Errorf("a base price in yen: %s of %q", got.Amount, got.Name)
	}
}

func TestKindsOfProducts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		id                      string
		free, oneOff, recurring bool
		cycle                   Cycle
	}{
		{"free", true, false, false, Cycle{}},
		{"pro", false, false, true, Monthly},
		{"topup", false, true, false, Cycle{}},
		{"setup", false, true, false, Cycle{}},
		{"usage_only", false, false, true, Monthly},
	} {
		p := Shop().Products[tt.id][0]
		if p.Free() != tt.free || p.OneOff() != tt.oneOff || p.Recurring() != tt.recurring || p.BillingCycle() != tt.cycle {
			t.Errorf("%s: free %v, one-off %v, recurring %v, cycle %v", tt.id, p.Free(), p.OneOff(), p.Recurring(), p.BillingCycle())
		}
	}
	mixed := OfItems("mixed", "main", Fee("pr_1", "5", Cycle{}), Fee("pr_2", "5", Cycle{Interval: Year, Count: 1}))
	if mixed.OneOff() || !mixed.Recurring() || mixed.BillingCycle() != (Cycle{Interval: Year, Count: 1}) {
		t.Error("a fee beside a yearly price makes the product no one-off")
	}
}
