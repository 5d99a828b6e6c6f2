package billing

import (
	"strings"
	"time"
)

// The shop is the catalog most tests of this package buy from, and these are
// the words they say it with.

var monthly = Cycle{Month, 1}

// fee is a plain price; allowance gives a feature; sells is a priced feature.
func fee(id, amount string, c Cycle) Item { return Item{ID: id, Price: decp(amount), Cycle: c} }

func allowance(id, feature, n string, c Cycle) Item {
	return Item{ID: id, FeatureID: feature, Included: dec(n), Cycle: c, ResetUsage: true}
}

func sells(id, feature string, m UsageModel, amount, pack string, c Cycle) Item {
	return Item{ID: id, FeatureID: feature, UsageModel: m, Price: decp(amount), BillingUnits: dec(pack), Cycle: c}
}

func usedMessages(id, included, amount string) Item {
	return Item{ID: id, FeatureID: "messages", UsageModel: PayPerUse, Included: dec(included), Price: decp(amount), Cycle: monthly, ResetUsage: true}
}

func ofItems(id, group string, items ...Item) Product {
	return Product{ID: id, Name: strings.ToUpper(id), Group: group, Version: 1, Items: items}
}

func (p Product) asAddOn() Product              { p.AddOn = true; return p }
func (p Product) asDefault() Product            { p.Default = true; return p }
func (p Product) tried(trial FreeTrial) Product { p.Trial = &trial; return p }

func week(card, unique bool) FreeTrial {
	return FreeTrial{Length: 7, Duration: Day, CardRequired: card, UniqueFingerprint: unique}
}

func shop() *Catalog {
	c := &Catalog{
		Features: map[string]Feature{
			"messages":  {ID: "messages", Type: SingleUse},
			"words":     {ID: "words", Type: SingleUse},
			"seats":     {ID: "seats", Type: ContinuousUse},
			"dashboard": {ID: "dashboard", Type: Boolean},
		},
		Products: map[string][]Product{}, StripePrices: map[string]string{}, VersionsInUse: map[string]bool{},
	}
	for _, p := range []Product{
		ofItems("free", "main", allowance("pr_free", "messages", "100", monthly)).asDefault(),
		ofItems("hobby", "main", allowance("pr_hobby", "messages", "150", monthly)),
		ofItems("hobby_paid", "main", fee("pr_hobby_paid", "5", monthly)),
		ofItems("pro", "main", fee("pr_pro", "20", monthly), allowance("pr_pro_m", "messages", "500", monthly), Item{ID: "pr_pro_d", FeatureID: "dashboard"}),
		ofItems("premium", "main", fee("pr_premium", "50", monthly), allowance("pr_premium_m", "messages", "1000", monthly)),
		ofItems("pro_trial", "main", fee("pr_trial", "20", monthly), allowance("pr_trial_m", "messages", "500", monthly)).tried(week(true, true)),
		ofItems("pro_month", "main", fee("pr_month", "20", monthly)).tried(FreeTrial{Length: 1, Duration: Month, CardRequired: true}),
		ofItems("pro_nocard", "main", fee("pr_nocard", "20", monthly), allowance("pr_nocard_m", "messages", "500", monthly)).tried(week(false, false)),
		ofItems("pro_prepaid", "main", fee("pr_prepaid", "20", monthly), sells("pr_prepaid_m", "messages", Prepaid, "10", "100", monthly)),
		ofItems("premium_prepaid", "main", fee("pr_pprepaid", "50", monthly), sells("pr_pprepaid_m", "messages", Prepaid, "10", "100", monthly)),
		ofItems("pro_use", "main", fee("pr_use", "20", monthly), usedMessages("pr_use_m", "100", "0.1")),
		ofItems("premium_use", "main", fee("pr_puse", "50", monthly), usedMessages("pr_puse_m", "500", "0.1")),
		ofItems("pro_year", "main", fee("pr_year", "200", Cycle{Year, 1}), allowance("pr_year_m", "messages", "500", monthly)),
		ofItems("packs_only", "main", sells("pr_packs", "messages", Prepaid, "10", "100", monthly)),
		ofItems("usage_only", "main", sells("pr_usage", "words", PayPerUse, "1", "100", monthly)),
		ofItems("plan_setup", "main", fee("pr_plan", "20", monthly), fee("pr_plan_once", "10", Cycle{}), sells("pr_plan_m", "messages", Prepaid, "10", "100", monthly), sells("pr_plan_w", "words", Prepaid, "5", "100", Cycle{})),
		ofItems("packs_and_use", "main", sells("pr_pau_m", "messages", Prepaid, "10", "100", monthly), sells("pr_pau_w", "words", PayPerUse, "1", "100", monthly)),
		ofItems("setup_trial", "main", fee("pr_strial", "60", monthly), fee("pr_strial_once", "10", Cycle{})).tried(week(true, false)),
		ofItems("topup", "", sells("pr_topup", "messages", Prepaid, "9", "250", Cycle{})).asAddOn(),
		ofItems("setup", "main", fee("pr_setup", "10", Cycle{})),
		ofItems("booster", "", allowance("pr_booster", "messages", "100", monthly)).asAddOn(),
		ofItems("addon_words", "main", fee("pr_words", "20", monthly), allowance("pr_words_w", "words", "200", monthly)).asAddOn(),
		ofItems("g1_pro", "g1", fee("pr_g1", "30", monthly), allowance("pr_g1_w", "words", "10", monthly)),
		ofItems("g1_premium", "g1", fee("pr_g1p", "50", monthly)),
		ofItems("g2_free", "g2", allowance("pr_g2f", "seats", "10", Cycle{})),
		ofItems("g2_pro", "g2", fee("pr_g2", "40", monthly), allowance("pr_g2_s", "seats", "10", Cycle{})),
	} {
		c.Products[p.ID] = []Product{p}
	}
	return c
}

// A situation is what a customer's state begins with.
type situation func(*AttachState)

// customerOf tells a customer's state in words. Stripe knows nobody yet.
func customerOf(words ...situation) AttachState {
	s := AttachState{Catalog: shop(), State: State{Balances: map[string]Balance{}}}
	s.Customer = Customer{ID: "ada", InternalID: "cus_ada", Name: "Ada", Email: "ada@x.io", Version: 1, CreatedAt: april}
	for _, w := range words {
		w(&s)
	}
	return s
}

func withCard(s *AttachState) { s.Card, s.Customer.StripeID = "pm_1", "cus_S" }

// holding starts a product on 1 April, with its balances.
func holding(id string, change ...func(*CustomerProduct)) situation {
	return func(s *AttachState) {
		p, err := s.Catalog.Product(id)
		if err != nil {
			panic(err)
		}
		cp := CustomerProduct{ID: "cp_" + id, ProductID: id, Version: p.Version, Group: p.Group, AddOn: p.AddOn,
			Status: Active, Quantity: 1, StartsAt: april}
		for _, c := range change {
			c(&cp)
		}
		rows, _, balances := s.apply(s.Catalog, transition{begin: []CustomerProduct{cp}}, april)
		s.State = saved(s.State, Settlement{Customer: s.Customer, Products: rows, Balances: balances})
	}
}

// packsOfMessages is a holding that bought messages in advance.
func packsOfMessages(n string) func(*CustomerProduct) {
	return func(cp *CustomerProduct) { cp.Quantities = []Quantity{{"messages", dec(n)}} }
}

func hasTried(id string) situation {
	return func(s *AttachState) { s.Customer.TrialsUsed = map[string]time.Time{id: april} }
}

func deviceHasTried(id string) situation {
	return func(s *AttachState) { s.Customer.Fingerprint, s.TrialTaken = "device", append(s.TrialTaken, id) }
}

func pageOpen(operation, session string) situation {
	return func(s *AttachState) { s.Pages = append(s.Pages, Page{operation, session}) }
}

func used(feature, n string) situation {
	return func(s *AttachState) { s.Balances[feature] = s.Balances[feature].Deduct(dec(n), april) }
}

// buy asks for products on 1 April.
func (s AttachState) buy(change func(*Attach), ids ...string) Attach {
	cmd := Attach{OperationID: "op_1", Now: april}
	for _, id := range ids {
		p, err := s.Catalog.Product(id)
		if err != nil {
			panic(err)
		}
		cmd.Products = append(cmd.Products, p)
	}
	if change != nil {
		change(&cmd)
	}
	return cmd
}

func quantity(feature, n string) func(*Attach) {
	return func(a *Attach) { a.Quantities = append(a.Quantities, Quantity{feature, dec(n)}) }
}

func byInvoice(a *Attach)     { a.ByInvoice = true }
func forcePage(a *Attach)     { a.ForceCheckout = true }
func publishable(a *Attach)   { a.Publishable = true }
func declinesTrial(a *Attach) { a.NoTrial = true }

func both(a, b func(*Attach)) func(*Attach) { return func(cmd *Attach) { a(cmd); b(cmd) } }

// left is what remains of a feature at a moment, in words of check.
func left(s State, feature string, now time.Time) string {
	return s.Balances[feature].At(now).Sum(now).Remaining.String()
}
