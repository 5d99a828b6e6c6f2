package billing

import (
	"testing"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// bought is a customer with a one-off of messages and words, and the lines of
// its purchase.
func bought(t *testing.T) (AttachState, PaidFor) {
	t.Helper()
	s := customerOf(withCard)
	pack := Sells("pr_pack", "messages", Prepaid, "9", "100", Cycle{})
	words := Allowance("pr_free_words", "words", "7", Cycle{})
	p := OfItems("pack", "", pack, words)
	p.Version = 1
	s.Catalog.Products["pack"] = []Product{p}
	holding("pack", packsOfMessages("300"))(&s)
	return s, PaidFor{OperationID: "op_1", Total: 2700, ProductIDs: []string{"pack"}, Lines: linesOf(p, []Quantity{{FeatureID: "messages", Quantity: Dec("300")}}, "usd")}
}

func TestDecidePaymentReturn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		used  string
		happy []Payment // how the payment is at Stripe at each event
		rules string
		left  string // messages and words
	}{
		"nothing was returned":             {"0", []Payment{{}}, "", "300 7"},
		"all":                              {"0", []Payment{{Refunded: 2700}}, "payment_refunded", "0 0"},
		"all, and some is used":            {"120", []Payment{{Refunded: 2700}}, "payment_refunded", "0 0"},
		"a third":                          {"0", []Payment{{Refunded: 900}}, "payment_refunded", "200 5"}, // 2.33 words are due
		"nearly all":                       {"0", []Payment{{Refunded: 2699}}, "payment_refunded", "1 1"},
		"less than a unit":                 {"0", []Payment{{Refunded: 8}}, "payment_refunded", "300 7"},
		"the same again":                   {"0", []Payment{{Refunded: 900}, {Refunded: 900}, {Refunded: 900}}, "payment_refunded", "200 5"},
		"in parts":                         {"0", []Payment{{Refunded: 900}, {Refunded: 1800}, {Refunded: 2700}}, "payment_refunded payment_refunded payment_refunded", "0 0"},
		"disputed beside a refund":         {"0", []Payment{{Refunded: 900}, {Refunded: 900, Disputed: 1800}}, "payment_refunded payment_disputed", "0 0"},
		"disputed for all after a refund":  {"0", []Payment{{Refunded: 900, Disputed: 2700}}, "payment_disputed", "0 0"},
		"won":                              {"0", []Payment{{Disputed: 2700}, {}}, "payment_disputed payment_restored", "300 7"},
		"won, after some was used":         {"120", []Payment{{Disputed: 2700}, {}}, "payment_disputed payment_restored", "180 7"},
		"won beside a refund":              {"0", []Payment{{Refunded: 900, Disputed: 1800}, {Refunded: 900}}, "payment_disputed payment_restored", "200 5"},
		"only the news of the end is left": {"0", []Payment{{}}, "", "300 7"},
		"a refund failed":                  {"250", []Payment{{Refunded: 900}, {}}, "payment_refunded payment_restored", "50 7"},
		"a refund failed in part":          {"200", []Payment{{Refunded: 2700}, {Refunded: 900}}, "payment_refunded payment_restored", "0 5"},
	} {
		s, paid := bought(t)
		used("messages", tt.used)(&s)
		noted, rules := ReturnedPayment{}, ""
		for _, p := range tt.happy {
			p.ChargeID, p.Amount, p.Currency = "ch_1", 2700, "usd"
			d := DecidePaymentReturn(s.State, s.Catalog, paid, noted, p, April)
			if noted = d.Noted; !d.Changed {
				continue
			}
			if rules != "" {
				rules += " "
			}
			rules += d.Settlement.Audit.Rule
			s.State = saved(s.State, d.Settlement)
		}
		if got := left(s.State, "messages", April) + " " + left(s.State, "words", April); got != tt.left || rules != tt.rules {
			t.Errorf("%s: left %s by %q, want %s by %q", name, got, rules, tt.left, tt.rules)
		}
	}
}

// The invoice may have cost more than the card paid: credits paid some, which come back with
// the payment, or the customer's own credit, which does not. Credit notes say themselves what
// goes back.
func TestWhatTheWholeOfAPaymentIs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		paid PaidFor // beside the goods: its total is 27.00
		p    Payment
		due  string // of 300 units
		ends bool   // with refund_ends_access
	}{
		"own credit":                      {PaidFor{}, Payment{Amount: 1350, Refunded: 1350}, "150", false},
		"credits":                         {PaidFor{Credits: 1350}, Payment{Amount: 1350, Refunded: 1350}, "300", true},
		"credits, a third":                {PaidFor{Credits: 1350}, Payment{Amount: 1350, Refunded: 450}, "100", false},
		"credits, but for a cent":         {PaidFor{Credits: 1350}, Payment{Amount: 1350, Refunded: 1349}, "299", false},
		"credits and own credit":          {PaidFor{Credits: 700}, Payment{Amount: 1000, Refunded: 1000}, "150", false},
		"credits, disputed":               {PaidFor{Credits: 1350}, Payment{Amount: 1350, Disputed: 1350}, "300", false},
		"credits, refunded and disputed":  {PaidFor{Credits: 1350}, Payment{Amount: 1350, Refunded: 1000, Disputed: 350}, "300", true},
		"more than was paid":              {PaidFor{Credits: 1350}, Payment{Amount: 1350, Refunded: 1350, Disputed: 1350}, "300", true},
		"a debt, paid with it":            {PaidFor{}, Payment{Amount: 3000, Refunded: 1000}, "100", false},
		"a note for all":                  {PaidFor{Credits: 1350, Noted: 2700}, Payment{Amount: 1350, Refunded: 1350}, "300", true},
		"a note for what the card paid":   {PaidFor{Credits: 1350, Noted: 1350}, Payment{Amount: 1350, Refunded: 1350}, "150", false},
		"a note for a third, by the card": {PaidFor{Credits: 1350, Noted: 900}, Payment{Amount: 1350, Refunded: 900}, "100", false},
		"a note for less than a refund":   {PaidFor{Credits: 1350, Noted: 100}, Payment{Amount: 1350, Refunded: 900}, "100", false},
	} {
		s, paid := bought(t)
		paid.Credits, paid.Noted = tt.paid.Credits, tt.paid.Noted
		tt.p.ChargeID, tt.p.Currency = "ch_1", "usd"
		s.Catalog.Settings.RefundEndsAccess = true
		d := DecidePaymentReturn(s.State, s.Catalog, paid, ReturnedPayment{}, tt.p, April)
		if u := d.Noted.Units[0]; !u.Due.Equal(Dec(tt.due)) || !u.Bought.Equal(Dec("300")) {
			t.Errorf("%s: %s of %s are due, want %s", name, u.Due, u.Bought, tt.due)
		}
		if EndsByRefund(s.Catalog, paid, tt.p) != tt.ends {
			t.Errorf("%s: want an end %v", name, tt.ends)
		}
	}
}

func TestPaymentsThatConcernNobody(t *testing.T) {
	t.Parallel()
	s, _ := bought(t)
	for name, paid := range map[string]PaidFor{"of staff's": {Total: 900}, "of a subscription of staff's": {Total: 900, SubscriptionID: "sub_staff"}} {
		if d := DecidePaymentReturn(s.State, s.Catalog, paid, ReturnedPayment{}, Payment{ChargeID: "ch_1", Amount: 900, Refunded: 900}, April); d.Changed {
			t.Errorf("%s: %+v", name, d.Settlement.Audit)
		}
	}
}
