package billing

import (
	"testing"
	"time"

	"windfall/shared/entitlement"
	"windfall/shared/money"

	. "windfall/shared/catalog"
	. "windfall/shared/rulestest"
)

func taxOn(s *AttachState) { s.Catalog.Settings.AutomaticTax = true }

// heldWithTax holds pro on a subscription, with or without a tax.
func heldWithTax(taxed bool) situation {
	return holding("pro", func(cp *CustomerProduct) {
		cp.SubscriptionID, cp.Taxed, cp.Period = "sub_1", taxed, money.Period{Start: April, End: May}
	})
}

// Who says whether a tax is computed: the call, else for what begins the settings, and for
// what is changed its subscription.
func TestWhoSaysThatATaxIsComputed(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	says := func(b *bool) func(*Attach) { return func(cmd *Attach) { cmd.AutomaticTax = b } }
	for name, tt := range map[string]struct {
		words []situation
		how   func(*Attach)
		buys  string
		taxed bool
		told  *bool // what a change tells Stripe
	}{
		"nobody":                               {[]situation{withCard}, nil, "pro", false, nil},
		"the settings":                         {[]situation{withCard, taxOn}, nil, "pro", true, nil},
		"the call, on":                         {[]situation{withCard}, says(&yes), "pro", true, nil},
		"the call, off":                        {[]situation{withCard, taxOn}, says(&no), "pro", false, nil},
		"on a page":                            {[]situation{taxOn}, nil, "pro", true, nil},
		"by invoice":                           {[]situation{taxOn}, func(cmd *Attach) { cmd.ByInvoice = true }, "pro", true, nil},
		"paid once":                            {[]situation{withCard, taxOn}, quantity("messages", "250"), "topup", true, nil},
		"a change of what has none":            {[]situation{withCard, taxOn, heldWithTax(false)}, nil, "premium", false, nil},
		"a change of what has one":             {[]situation{withCard, heldWithTax(true)}, nil, "premium", true, nil},
		"a change that says so":                {[]situation{withCard, heldWithTax(false)}, says(&yes), "premium", true, &yes},
		"a change that says no":                {[]situation{withCard, taxOn, heldWithTax(true)}, says(&no), "premium", false, &no},
		"a change that says what is so anyway": {[]situation{withCard, heldWithTax(true)}, says(&yes), "premium", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decideFor(t, customerOf(tt.words...), tt.how, tt.buys)
			if d.Taxed != tt.taxed || d.Start[0].Taxed != tt.taxed {
				t.Errorf("decided %t, the product has %t, want %t", d.Taxed, d.Start[0].Taxed, tt.taxed)
			}
			var asked []bool
			for _, step := range d.Steps {
				switch {
				case step.Subscription != nil:
					asked = append(asked, step.Subscription.Taxed)
				case step.Invoice != nil:
					asked = append(asked, step.Invoice.Taxed)
				case step.Session != nil:
					asked = append(asked, step.Session.Taxed)
					if step.Session.AskAddress != tt.taxed {
						t.Errorf("the page asks for an address: %t", step.Session.AskAddress)
					}
				case step.Change != nil:
					if got := step.Change.Taxed; (got == nil) != (tt.told == nil) || got != nil && *got != *tt.told {
						t.Errorf("Stripe is told %v", got)
					}
					asked = append(asked, tt.taxed)
				}
			}
			if len(asked) != 1 || asked[0] != tt.taxed {
				t.Errorf("Stripe is asked for %v, want %t", asked, tt.taxed)
			}
			if d.Declined != nil && lastStep(*d.Declined).Session.Taxed != tt.taxed {
				t.Error("the page of a refused card differs")
			}
		})
	}
}

// A change that waits can't say otherwise: nothing at Stripe would know of it until then.
func TestTheTaxOfAChangeThatWaits(t *testing.T) {
	t.Parallel()
	yes := true
	premium := holding("premium", func(cp *CustomerProduct) {
		cp.SubscriptionID, cp.Period = "sub_1", money.Period{Start: April, End: May}
	})
	for _, id := range []string{"pro", "free"} {
		s := customerOf(withCard, premium)
		_, err := DecideAttach(s, s.buy(func(cmd *Attach) { cmd.AutomaticTax = &yes }, id))
		WantReason(t, err, ReasonTaxOfAChange)
	}
}

func TestAnotherTaxBehaviorIsAnotherPrice(t *testing.T) {
	t.Parallel()
	twenty := Dec("20")
	netto := Item{ID: "pr_1", Price: &twenty, Cycle: Monthly}
	brutto := netto
	brutto.TaxBehavior = TaxInclusive
	if netto.Same(brutto) || netto.CostsSame(brutto) || !brutto.Same(brutto) {
		t.Error("a price that contains its tax is taken for one that does not")
	}
	if p := stripePrice(&Catalog{Settings: Settings{Currency: "usd"}}, Product{ID: "pro"}, brutto); p.TaxBehavior != TaxInclusive {
		t.Errorf("Stripe is told %q", p.TaxBehavior)
	}
}

// An invoice of which only the tax is left to pay is no payment.
func TestATaxAloneIsNoPayment(t *testing.T) {
	t.Parallel()
	in := Invoice{StripeID: "in_1", Status: "paid", Total: 190, Tax: 190, CreatedAt: April}
	if (State{}).HasPaid(Shop(), []Invoice{in}) {
		t.Error("it counts as a payment")
	}
	in.Total = 1190
	if !(State{}).HasPaid(Shop(), []Invoice{in}) {
		t.Error("a payment with a tax does not count")
	}
}

// A tax on top needs room beside the amount; one within it does not.
func TestAnInvoiceHasRoomForItsTax(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		taxed    bool
		behavior TaxBehavior
		most     money.Amount
	}{
		"no tax": {false, "", 99_999_999}, "no tax, and a price that would contain it": {false, TaxInclusive, 99_999_999},
		"contained": {true, TaxInclusive, 99_999_999}, "on top": {true, TaxExclusive, 76_923_099}, "as the account says": {true, "", 76_923_099},
	} {
		for _, c := range []money.Currency{"usd", "jpy", "kwd"} {
			most := tt.most - tt.most%c.Step()
			if !fits(most, tt.taxed, tt.behavior) || fits(tt.most+1, tt.taxed, tt.behavior) {
				t.Errorf("%s: no more and no less than %d fit, in %s", name, most, c)
			}
		}
	}
}

// What is on top leaves room for its tax, whatever is beside it, and in any order.
func TestAnInvoiceOfPricesOfBothKinds(t *testing.T) {
	t.Parallel()
	for _, inside := range []bool{true, false} {
		room := roomOf(money.MaxAmount, true)
		first, second := money.Amount(60_999_999), money.Amount(30_000_000) // 39_000_000 with the highest tax
		if !inside {
			first, second = second, first
		}
		if !room.takes(first, inside) || room.takes(second+131, !inside) || !room.takes(second, !inside) || room.takes(131, true) {
			t.Errorf("the one that contains its tax is first: %v, and then there is room for %+v", inside, room)
		}
	}
}

// Seats of subscriptions with and without a tax are on invoices of their own.
func TestSeatsWithAndWithoutATax(t *testing.T) {
	t.Parallel()
	s := State{Products: []CustomerProduct{{ID: "a", SubscriptionID: "sub_a", Taxed: true}, {ID: "b", SubscriptionID: "sub_b"}}}
	b := seatBill{catalog: Shop(), state: s, now: []NewUsage{{Name: "1", For: "sub_a", Amount: 100}, {Name: "2", For: "sub_b", Amount: 100}, {Name: "3", For: "sub_a", Amount: 100}},
		op: Operation{ID: "op", CreatedAt: time.Time{}, Decision: Decision{Lines: make([]Line, 3)}}}
	got := map[bool][]string{}
	for _, step := range b.operation().Decision.Steps {
		for _, u := range step.Invoice.Usage {
			got[step.Invoice.Taxed] = append(got[step.Invoice.Taxed], u.Name)
		}
	}
	if len(got[true]) != 2 || len(got[false]) != 1 || got[false][0] != "2" {
		t.Errorf("with a tax %v, without %v", got[true], got[false])
	}
}

func TestAnAddressHasACountry(t *testing.T) {
	t.Parallel()
	for country, why := range map[string]bool{"DE": false, "de": true, "": true, "DEU": true, "D1": true, "ÄÖ": true} {
		if err := (CustomerData{Address: &Address{Country: country}}).Check(); (err != nil) != why {
			t.Errorf("%q: %v", country, err)
		}
	}
	long := make([]byte, 257)
	for i := range long {
		long[i] = 'x'
	}
	for _, part := range []string{string(long), "a\nb"} {
		if err := (CustomerData{Address: &Address{Country: "DE", City: part}}).Check(); err == nil {
			t.Errorf("%.10q is taken", part)
		}
	}
}

// What no invoice takes together with its tax is left to a person, as what is too much
// without one: Stripe would refuse the invoice again and again.
func TestUseThatNoInvoiceTakesWithItsTax(t *testing.T) {
	t.Parallel()
	item := Item{ID: "pr_1", FeatureID: "words", Price: ptrTo(Dec("1")), Cycle: Monthly, UsageModel: PayPerUse}
	for _, row := range []struct {
		currency money.Currency
		units    string
		taxed    bool
		billed   int
	}{
		{"usd", "769230", true, 1}, // room for 30 % on 999,999.99
		{"usd", "769231", true, 0},
		{"usd", "999999", false, 1},
		{"kwd", "76923", true, 1}, // three decimals: a tenth of that
		{"kwd", "76924", true, 0},
		{"kwd", "99999", false, 1},
		{"jpy", "76923099", true, 1},
		{"jpy", "76923100", true, 0},
		{"jpy", "99999999", false, 1},
	} {
		c := &Catalog{Settings: Settings{Currency: row.currency}}
		closed := entitlement.UnbilledUsage{GrantID: "cp/pr_1", Units: Dec(row.units), Period: money.Period{Start: April.AddDate(0, -1, 0), End: April}}
		bill := UsageBill{Currency: row.currency, Taxed: row.taxed}
		bill.price(c, CustomerProduct{ID: "cp", ProductID: "p"}, item, closed)
		if len(bill.Lines) != row.billed || len(bill.NotBilled) != 1-row.billed {
			t.Errorf("%+v: %d lines, %d not billed", row, len(bill.Lines), len(bill.NotBilled))
		}
	}
}
