// Package rulestest holds the catalog that tests of the rules buy from, and the
// words they say it with. No program imports it.
package rulestest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

var Monthly = money.Cycle{Interval: money.Month, Count: 1}

// Fee is a plain price; allowance gives a feature; sells is a priced feature.
func Fee(id, amount string, c money.Cycle) catalog.Item {
	return catalog.Item{ID: id, Price: Decp(amount), Cycle: c}
}

func Allowance(id, feature, n string, c money.Cycle) catalog.Item {
	return catalog.Item{ID: id, FeatureID: feature, Included: Dec(n), Cycle: c, ResetUsage: true}
}

func Sells(id, feature string, m catalog.UsageModel, amount, pack string, c money.Cycle) catalog.Item {
	return catalog.Item{ID: id, FeatureID: feature, UsageModel: m, Price: Decp(amount), BillingUnits: Dec(pack), Cycle: c}
}

func UsedMessages(id, included, amount string) catalog.Item {
	return catalog.Item{ID: id, FeatureID: "messages", UsageModel: catalog.PayPerUse, Included: Dec(included), Price: Decp(amount), Cycle: Monthly, ResetUsage: true}
}

func OfItems(id, group string, items ...catalog.Item) catalog.Product {
	return catalog.Product{ID: id, Name: strings.ToUpper(id), Group: group, Version: 1, Items: items}
}

func asAddOn(p catalog.Product) catalog.Product { p.AddOn = true; return p }

func AsDefault(p catalog.Product) catalog.Product { p.Default = true; return p }

func Tried(p catalog.Product, trial catalog.FreeTrial) catalog.Product { p.Trial = &trial; return p }

func TrialWeek(card, unique bool) catalog.FreeTrial {
	return catalog.FreeTrial{Length: 7, Duration: money.Day, CardRequired: card, UniqueFingerprint: unique}
}

func Shop() *catalog.Catalog {
	c := &catalog.Catalog{
		Features: map[string]catalog.Feature{
			"messages":  {ID: "messages", Type: catalog.SingleUse},
			"words":     {ID: "words", Type: catalog.SingleUse},
			"seats":     {ID: "seats", Type: catalog.ContinuousUse},
			"dashboard": {ID: "dashboard", Type: catalog.Boolean},
		},
		Settings: catalog.Settings{Currency: "usd"},
		Products: map[string][]catalog.Product{}, StripePrices: map[string]string{}, VersionsInUse: map[string]bool{},
	}
	for _, p := range []catalog.Product{
		AsDefault(OfItems("free", "main", Allowance("pr_free", "messages", "100", Monthly))),
		OfItems("hobby", "main", Allowance("pr_hobby", "messages", "150", Monthly)),
		OfItems("hobby_paid", "main", Fee("pr_hobby_paid", "5", Monthly)),
		OfItems("pro", "main", Fee("pr_pro", "20", Monthly), Allowance("pr_pro_m", "messages", "500", Monthly), catalog.Item{ID: "pr_pro_d", FeatureID: "dashboard"}),
		OfItems("premium", "main", Fee("pr_premium", "50", Monthly), Allowance("pr_premium_m", "messages", "1000", Monthly)),
		Tried(OfItems("pro_trial", "main", Fee("pr_trial", "20", Monthly), Allowance("pr_trial_m", "messages", "500", Monthly)), TrialWeek(true, true)),
		Tried(OfItems("pro_month", "main", Fee("pr_month", "20", Monthly)), catalog.FreeTrial{Length: 1, Duration: money.Month, CardRequired: true}),
		Tried(OfItems("pro_nocard", "main", Fee("pr_nocard", "20", Monthly), Allowance("pr_nocard_m", "messages", "500", Monthly)), TrialWeek(false, false)),
		OfItems("pro_prepaid", "main", Fee("pr_prepaid", "20", Monthly), Sells("pr_prepaid_m", "messages", catalog.Prepaid, "10", "100", Monthly)),
		OfItems("premium_prepaid", "main", Fee("pr_pprepaid", "50", Monthly), Sells("pr_pprepaid_m", "messages", catalog.Prepaid, "10", "100", Monthly)),
		OfItems("pro_use", "main", Fee("pr_use", "20", Monthly), UsedMessages("pr_use_m", "100", "0.1")),
		OfItems("premium_use", "main", Fee("pr_puse", "50", Monthly), UsedMessages("pr_puse_m", "500", "0.1")),
		OfItems("pro_year", "main", Fee("pr_year", "200", money.Cycle{Interval: money.Year, Count: 1}), Allowance("pr_year_m", "messages", "500", Monthly)),
		OfItems("packs_only", "main", Sells("pr_packs", "messages", catalog.Prepaid, "10", "100", Monthly)),
		OfItems("usage_only", "main", Sells("pr_usage", "words", catalog.PayPerUse, "1", "100", Monthly)),
		OfItems("plan_setup", "main", Fee("pr_plan", "20", Monthly), Fee("pr_plan_once", "10", money.Cycle{}), Sells("pr_plan_m", "messages", catalog.Prepaid, "10", "100", Monthly), Sells("pr_plan_w", "words", catalog.Prepaid, "5", "100", money.Cycle{})),
		OfItems("packs_and_use", "main", Sells("pr_pau_m", "messages", catalog.Prepaid, "10", "100", Monthly), Sells("pr_pau_w", "words", catalog.PayPerUse, "1", "100", Monthly)),
		Tried(OfItems("setup_trial", "main", Fee("pr_strial", "60", Monthly), Fee("pr_strial_once", "10", money.Cycle{})), TrialWeek(true, false)),
		asAddOn(OfItems("topup", "", Sells("pr_topup", "messages", catalog.Prepaid, "9", "250", money.Cycle{}))),
		OfItems("setup", "main", Fee("pr_setup", "10", money.Cycle{})),
		asAddOn(OfItems("booster", "", Allowance("pr_booster", "messages", "100", Monthly))),
		asAddOn(OfItems("addon_words", "main", Fee("pr_words", "20", Monthly), Allowance("pr_words_w", "words", "200", Monthly))),
		OfItems("g1_pro", "g1", Fee("pr_g1", "30", Monthly), Allowance("pr_g1_w", "words", "10", Monthly)),
		OfItems("g1_premium", "g1", Fee("pr_g1p", "50", Monthly)),
		OfItems("g2_free", "g2", Allowance("pr_g2f", "seats", "10", money.Cycle{})),
		OfItems("g2_pro", "g2", Fee("pr_g2", "40", Monthly), Allowance("pr_g2_s", "seats", "10", money.Cycle{})),
	} {
		c.Products[p.ID] = []catalog.Product{p}
	}
	return c
}

var April = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

var May = April.AddDate(0, 1, 0)

func Dec(s string) money.Decimal { return decimal.RequireFromString(s) }

func Decp(s string) *money.Decimal { d := Dec(s); return &d }

// Wants builds items out of words; the unit is 1 unless said.
func Wants(featureID string, more ...func(*catalog.WantedItem)) catalog.WantedItem {
	w := catalog.WantedItem{Item: catalog.Item{FeatureID: featureID, BillingUnits: money.One}}
	for _, m := range more {
		m(&w)
	}
	return w
}

type Tweak = func(*catalog.WantedItem)

func Costs(amount string) Tweak { return func(w *catalog.WantedItem) { w.Price = Decp(amount) } }

func Every(i money.Interval) Tweak {
	return func(w *catalog.WantedItem) { w.Cycle = money.Cycle{Interval: i, Count: 1} }
}

func EveryN(n int, i money.Interval) Tweak {
	return func(w *catalog.WantedItem) { w.Cycle = money.Cycle{Interval: i, Count: n} }
}

func Includes(n string) Tweak { return func(w *catalog.WantedItem) { w.Included = Dec(n) } }

func Typed(f catalog.FeatureType) Tweak { return func(w *catalog.WantedItem) { w.FeatureType = f } }

// WantReason fails unless err is the refusal for this reason; "" wants none.
func WantReason(t *testing.T, err error, why refusal.Reason) {
	t.Helper()
	switch {
	case why == "" && err != nil:
		t.Fatalf("refused: %v", err)
	case why != "" && ReasonOf(err) != why:
		t.Fatalf("err = %v, want the reason %s", err, why)
	}
}

// ReasonOf is why the rules refused; "" is another error or none.
func ReasonOf(err error) refusal.Reason {
	var known *refusal.Error
	if errors.As(err, &known) {
		return known.Reason
	}
	return ""
}

func Model(m catalog.UsageModel) Tweak { return func(w *catalog.WantedItem) { w.UsageModel = m } }

// RewardCatalog sells one of each kind that rewards tell apart.
func RewardCatalog() *catalog.Catalog {
	ten, twenty := money.Int(10), money.Int(20)
	month := money.Cycle{Interval: money.Month, Count: 1}
	messages := func(n int64, c money.Cycle) catalog.Item {
		return catalog.Item{ID: "pr_messages", FeatureID: "messages", Included: money.Int(n), Cycle: c}
	}
	c := &catalog.Catalog{
		Settings: catalog.Settings{Currency: "usd"},
		Features: map[string]catalog.Feature{"messages": {ID: "messages", Type: catalog.SingleUse}},
		Products: map[string][]catalog.Product{}, Rewards: map[string]catalog.Reward{}, Programs: map[string]catalog.ReferralProgram{},
		VersionsInUse: map[string]bool{},
	}
	for _, p := range []catalog.Product{
		{ID: "bonus", AddOn: true, Items: []catalog.Item{messages(100, money.Cycle{})}},
		{ID: "booster", AddOn: true, Items: []catalog.Item{messages(100, month)}},
		{ID: "boost_once", AddOn: true, Items: []catalog.Item{messages(100, money.Cycle{}), {ID: "pr_once", Price: &ten}}},
		{ID: "addon_words", AddOn: true, Items: []catalog.Item{{ID: "pr_addon", Price: &twenty, Cycle: month}}},
		{ID: "hobby", Group: "main", Items: []catalog.Item{messages(50, month)}},
		{ID: "pro", Group: "main", Items: []catalog.Item{messages(500, month), {ID: "pr_pro", Price: &twenty, Cycle: month}}},
	} {
		p.Version = 1
		c.Products[p.ID] = []catalog.Product{p}
	}
	for _, r := range []catalog.Reward{
		{ID: "gift", InternalID: "rew_gift", Name: "Gift", Type: catalog.FreeProduct, FreeProduct: "bonus"},
		{ID: "gift_once", InternalID: "rew_once", Name: "Gift", Type: catalog.FreeProduct, FreeProduct: "boost_once"},
		{ID: "gift_paid", InternalID: "rew_paid", Name: "Gift", Type: catalog.FreeProduct, FreeProduct: "addon_words"},
		{ID: "tenth", InternalID: "rew_tenth", Name: "Tenth", Type: catalog.PercentageDiscount,
			Discount: &catalog.Discount{Value: ten, Duration: catalog.OneOffDiscount, ApplyToAll: true}},
		{ID: "five", InternalID: "rew_five", Name: "Five", Type: catalog.FixedDiscount,
			Discount: &catalog.Discount{Value: money.Int(5), Duration: catalog.OneOffDiscount, ApplyToAll: true}},
		{ID: "credits", InternalID: "rew_credits", Name: "Credits", Type: catalog.InvoiceCredits,
			Discount: &catalog.Discount{Value: money.Int(50), Duration: catalog.OneOffDiscount, ApplyToAll: true}},
	} {
		c.Rewards[r.ID] = r
	}
	return c
}

// Moment reads "2027-01-31" or "2027-01-31 13:30".
func Moment(s string) time.Time {
	layout := "2006-01-02 15:04"
	t, err := time.Parse(layout[:len(s)], s)
	if err != nil {
		panic(err)
	}
	return t
}
