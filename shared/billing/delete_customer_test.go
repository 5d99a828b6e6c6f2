package billing

import (
	"errors"
	"strings"
	"testing"
	"time"

	. "windfall/shared/money"
	. "windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

func TestDecideDelete(t *testing.T) {
	t.Parallel()
	on := func(id string) func(*CustomerProduct) { return func(cp *CustomerProduct) { cp.SubscriptionID = id } }
	over := func(cp *CustomerProduct) { cp.Status, cp.EndsAt = Expired, April }
	for name, tt := range map[string]struct {
		who   AttachState
		cmd   DeleteCustomer
		steps string // in order
		due   Amount
		names string // of the refusal; "" is none
	}{
		"nothing held":                   {customerOf(), DeleteCustomer{}, "", 0, ""},
		"free":                           {customerOf(holding("free")), DeleteCustomer{}, "", 0, ""},
		"over":                           {customerOf(holding("pro", on("sub_1"), over)), DeleteCustomer{}, "", 0, ""},
		"a page is open":                 {customerOf(), DeleteCustomer{Pages: []Page{{"op_1", "cs_1"}}}, "expire_op_1", 0, ""},
		"a subscription":                 {customerOf(holding("pro", on("sub_1"))), DeleteCustomer{}, "", 0, "sub_1 (pro)"},
		"past due":                       {customerOf(holding("pro", on("sub_1"), func(cp *CustomerProduct) { cp.Status = PastDue })), DeleteCustomer{}, "", 0, "sub_1 (pro)"},
		"ended by its date, not told of": {customerOf(holding("pro", on("sub_1"), func(cp *CustomerProduct) { cp.EndsAt = April })), DeleteCustomer{}, "", 0, "sub_1 (pro)"},
		"two on one and one beside": {customerOf(holding("pro", on("sub_1")), holding("addon_words", on("sub_1")), holding("g1_pro", on("sub_2"))),
			DeleteCustomer{}, "", 0, "sub_1 (pro, addon_words), sub_2 (g1_pro)"},
		"ended first": {customerOf(withCard, holding("pro", on("sub_1")), holding("addon_words", on("sub_1")), holding("g1_pro", on("sub_2"))),
			DeleteCustomer{Cancel: true, Pages: []Page{{"op_1", "cs_1"}}}, "expire_op_1 end_sub_1 end_sub_2", 0, ""},
		"ended first, at Stripe as well": {customerOf(withCard, holding("pro", on("sub_1"))), DeleteCustomer{Cancel: true, InStripe: true}, "end_sub_1 delete", 0, ""},
		"at Stripe":                      {customerOf(withCard, holding("pro_use", on("sub_1")), used("messages", "150")), DeleteCustomer{InStripe: true}, "delete", 0, ""},
		"at Stripe, unknown there":       {customerOf(), DeleteCustomer{InStripe: true}, "", 0, ""},
		"of staff's":                     {customerOf(withCard), DeleteCustomer{AtStripe: RunningAtStripe{Subscriptions: []string{"sub_9"}}}, "", 0, "sub_9 (started at Stripe)"},
		"of staff's, beside a product's": {customerOf(withCard, holding("pro", on("sub_1"))), DeleteCustomer{AtStripe: RunningAtStripe{Subscriptions: []string{"sub_9", "sub_1"}}}, "", 0, "sub_1 (pro), sub_9 (started at Stripe)"},
		"over here, and runs at Stripe":  {customerOf(withCard, holding("pro", on("sub_1"), over)), DeleteCustomer{AtStripe: RunningAtStripe{Subscriptions: []string{"sub_1"}}}, "", 0, "sub_1 (started at Stripe)"},
		"of staff's, ended first":        {customerOf(withCard, holding("pro", on("sub_1"))), DeleteCustomer{Cancel: true, AtStripe: RunningAtStripe{Subscriptions: []string{"sub_1", "sub_9"}}}, "end_sub_1 end_sub_9", 0, ""},
		"of staff's, not begun":          {customerOf(withCard), DeleteCustomer{AtStripe: RunningAtStripe{Schedules: []string{"sub_sched_9"}}}, "", 0, "sub_sched_9 (started at Stripe)"},
		"of staff's, ended before it begins": {customerOf(withCard), DeleteCustomer{Cancel: true, AtStripe: RunningAtStripe{Subscriptions: []string{"sub_9"}, Schedules: []string{"sub_sched_9"}}},
			"end_sub_9 end_sub_sched_9", 0, ""},
		"overage": {customerOf(withCard, holding("pro_use", on("sub_1")), used("messages", "150")), DeleteCustomer{Cancel: true},
			"end_sub_1 price_pr_use_m usage_sub_1", 500, ""},
	} {
		tt.cmd.Now = April.Add(time.Hour)
		d, err := DecideDelete(tt.who.State, tt.who.Catalog, tt.cmd)
		if tt.names != "" {
			if !errors.Is(err, &Error{Reason: ReasonCustomerHasSubscriptions}) || !strings.Contains(err.Error(), tt.names) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || stepNames(d) != tt.steps || d.DueNow() != tt.due {
			t.Errorf("%s: steps %q for %d, %v", name, stepNames(d), d.DueNow(), err)
		}
	}
}

// The last bill goes to the card on file as it is then, or to the customer.
func TestTheLastBillOfADeletionIsCollectedAtOnce(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard, holding("pro_use", func(cp *CustomerProduct) { cp.SubscriptionID = "sub_1" }), used("messages", "150"))
	d, err := DecideDelete(s.State, s.Catalog, DeleteCustomer{Cancel: true, Now: April.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	last := d.Steps[len(d.Steps)-1].Invoice
	if !last.OnFile || last.ByInvoice || len(last.Usage) != 1 || last.Usage[0].Amount != 500 {
		t.Errorf("%+v", last)
	}
	a := s.DeletionAudit(Operation{ID: "op", Actor: "am_sk", Decision: d}, April)
	if len(a.Ended) != 1 || a.Amount != 500 || a.Stripe["customer"] != "cus_S" || a.Action != "delete" {
		t.Errorf("the entry: %+v", a)
	}
}

func TestWhatIsAChargeOfADeletedCustomer(t *testing.T) {
	t.Parallel()
	o := StripeOwner{InternalID: "cus_1", DeletedAt: April.Add(1500 * time.Millisecond), OperationID: "op_last"}
	paid := func(at time.Time, change func(*Invoice)) *Audit {
		in := Invoice{StripeID: "in_1", Status: "paid", Total: 500, Currency: "usd", PaidAt: at}
		if change != nil {
			change(&in)
		}
		return o.ChargedByInvoice(in, May)
	}
	sub := func(status string) *Audit {
		return o.ChargedBySubscription(Subscription{ID: "sub_1", Status: status}, May)
	}
	for name, tt := range map[string]struct {
		entry *Audit
		rings bool
	}{
		"an invoice paid afterwards":     {paid(April.Add(2*time.Second), nil), true},
		"an invoice paid before":         {paid(April, nil), false},
		"an invoice of that very second": {paid(April.Add(time.Second), nil), false},
		"an invoice still open":          {paid(May, func(in *Invoice) { in.Status = "open" }), false},
		"an invoice of nothing":          {paid(May, func(in *Invoice) { in.Total = 0 }), false},
		"the last bill":                  {paid(May, func(in *Invoice) { in.OperationID = "op_last" }), false},
		"the bill of another operation":  {paid(May, func(in *Invoice) { in.OperationID = "op_other" }), true},
		"an invoice of who was deleted at an unknown time": {StripeOwner{InternalID: "cus_1"}.ChargedByInvoice(
			Invoice{Status: "paid", Total: 500, PaidAt: May}, May), false},
		"an active subscription":           {sub("active"), true},
		"a subscription in its trial":      {sub("trialing"), true},
		"a subscription that is past due":  {sub("past_due"), true},
		"a subscription that has ended":    {sub("canceled"), false},
		"a subscription that never began":  {sub("incomplete_expired"), false},
		"a page that was paid afterwards":  {o.ChargedByPage(Results{SessionID: "cs_1", PaidAt: May}, May), true},
		"a page that was paid before":      {o.ChargedByPage(Results{SessionID: "cs_1", PaidAt: April}, May), false},
		"a page that nobody has completed": {o.ChargedByPage(Results{SessionID: "cs_1"}, May), false},
	} {
		if (tt.entry != nil) != tt.rings {
			t.Errorf("%s: %+v", name, tt.entry)
		}
		if tt.entry != nil && (tt.entry.Rule != DeletedCustomerCharged || tt.entry.Actor != "stripe" || tt.entry.Why == "") {
			t.Errorf("%s: the entry %+v", name, tt.entry)
		}
	}
}
