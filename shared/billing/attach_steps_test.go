package billing

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/catalog"
	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func decideFor(t *testing.T, s AttachState, how func(*Attach), ids ...string) Decision {
	t.Helper()
	cmd, err := s.buy(how, ids...).Customize(s.State, s.Catalog)
	WantReason(t, err, "")
	d, err := DecideAttach(s, cmd)
	WantReason(t, err, "")
	return d
}

func lastStep(d Decision) Step { return d.Steps[len(d.Steps)-1] }

func TestASubscriptionIsAskedForInFull(t *testing.T) {
	t.Parallel()
	s := customerOf(withCard)
	s.Catalog.StripePrices["pr_prepaid"] = "price_known"
	d := decideFor(t, s, quantity("messages", "300"), "pro_prepaid")
	want := &NewSubscription{Card: "pm_1", CollectWithin: 30, Lines: []PriceLine{
		{ItemID: "pr_prepaid", StripeID: "price_known", Quantity: 1, Recurring: true},
		{ItemID: "pr_prepaid_m", Quantity: 3, Recurring: true},
	}}
	if diff := cmp.Diff(want, lastStep(d).Subscription); diff != "" {
		t.Errorf("subscription (-want +got):\n%s", diff)
	}
	price := &NewPrice{ItemID: "pr_prepaid_m", ProductID: "pro_prepaid", Name: "PRO_PREPAID: messages", Currency: "usd",
		Amount: Dec("1000"), Cycle: Monthly, FeatureID: "messages", Pack: Dec("100")}
	if diff := cmp.Diff(price, d.Steps[0].Price); diff != "" {
		t.Errorf("price (-want +got):\n%s", diff)
	}
	if start := d.Start[0]; start.ID != "cp_op_1_0" || start.CreatedBy != "op_1" || start.Quantity != 1 ||
		len(start.Quantities) != 1 || !start.Quantities[0].Quantity.Equal(Dec("300")) {
		t.Errorf("the product begins as %+v", start)
	}
	if page := lastStep(*d.Declined).Session; !page.Lines[1].Adjust || page.Lines[0].Adjust || page.Lines[1].Quantity != 3 {
		t.Errorf("the page of a refused card offers %+v", page.Lines)
	}
}

func TestAnInvoiceIsAskedForAsTheCallerWantsIt(t *testing.T) {
	t.Parallel()
	draft := both(byInvoice, func(a *Attach) { a.DraftInvoice = true })
	s := customerOf(withCard)
	if sub := lastStep(decideFor(t, s, draft, "pro")).Subscription; !sub.ByInvoice || !sub.DraftInvoice || sub.CollectWithin != 30 {
		t.Errorf("subscription %+v", sub)
	}
	invoice := lastStep(decideFor(t, s, draft, "setup")).Invoice
	want := &NewInvoice{Currency: "usd", Card: "pm_1", ByInvoice: true, DraftInvoice: true, CollectWithin: 30,
		Lines: []PriceLine{{ItemID: "pr_setup", Quantity: 1}}}
	if diff := cmp.Diff(want, invoice); diff != "" {
		t.Errorf("invoice (-want +got):\n%s", diff)
	}
}

func TestACustomerIsMadeKnownToStripeOnce(t *testing.T) {
	t.Parallel()
	d := decideFor(t, customerOf(), nil, "pro")
	if diff := cmp.Diff(&NewCustomer{Name: "Ada", Email: "ada@x.io"}, d.Steps[0].Customer); diff != "" {
		t.Errorf("customer (-want +got):\n%s", diff)
	}
	if d := decideFor(t, customerOf(withCard), nil, "pro"); d.Steps[0].Customer != nil {
		t.Error("Stripe knows the customer already")
	}
}

func TestAPageCarriesWhatTheCallerGave(t *testing.T) {
	t.Parallel()
	d := decideFor(t, customerOf(pageOpen("op_7", "cs_7")), func(a *Attach) {
		a.SuccessURL, a.Metadata, a.Extra = "https://x.io/ok", map[string]string{"m": "1"}, map[string]string{"locale": "de"}
	}, "setup")
	if diff := cmp.Diff(&ExpireSession{SessionID: "cs_7", OperationID: "op_7"}, lastStep(d).ExpireSession); diff != "" {
		t.Errorf("the page before (-want +got):\n%s", diff)
	}
	want := &NewSession{Lines: []PriceLine{{ItemID: "pr_setup", Quantity: 1}}, SuccessURL: "https://x.io/ok",
		Metadata: map[string]string{"m": "1"}, Extra: map[string]string{"locale": "de"}}
	if diff := cmp.Diff(want, d.Steps[len(d.Steps)-2].Session); diff != "" {
		t.Errorf("session (-want +got):\n%s", diff)
	}
}

func TestTrials(t *testing.T) {
	t.Parallel()
	ends := April.AddDate(0, 0, 7)
	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Attach)
		buys  string
		want  time.Time // zero: no trial, and the price is due
	}{
		{"the product's own", customerOf(withCard), nil, "pro_trial", ends},
		{"of a month", customerOf(withCard), nil, "pro_month", April.AddDate(0, 1, 0)},
		{"none is offered", customerOf(withCard), nil, "pro", time.Time{}},
		{"it is declined", customerOf(withCard), declinesTrial, "pro_trial", time.Time{}},
		{"the customer has had it", customerOf(withCard, hasTried("pro_trial")), nil, "pro_trial", time.Time{}},
		{"the customer has had another", customerOf(withCard, hasTried("pro_month")), nil, "pro_trial", ends},
		{"the device has had it", customerOf(withCard, deviceHasTried("pro_trial")), nil, "pro_trial", time.Time{}},
		{"the device has had another", customerOf(withCard, deviceHasTried("pro_month")), nil, "pro_trial", ends},
		{"the device has had one that is not for each device", customerOf(withCard, deviceHasTried("pro_nocard")), nil, "pro_nocard", ends},
		{"the call brings its own", customerOf(withCard), func(a *Attach) { a.Trial = &FreeTrial{Length: 3, Duration: Day} }, "pro", April.AddDate(0, 0, 3)},
		{"the call's own wins", customerOf(withCard), func(a *Attach) { a.Trial = &FreeTrial{Length: 3, Duration: Day} }, "pro_trial", April.AddDate(0, 0, 3)},
		{"the call's own is for the first time, too", customerOf(withCard, hasTried("pro")), func(a *Attach) { a.Trial = &FreeTrial{Length: 3, Duration: Day} }, "pro", time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := decideFor(t, tt.state, tt.how, tt.buys)
			if got := d.Start[0].TrialEnds; !got.Equal(tt.want) {
				t.Errorf("the trial ends %s, want %s", got, tt.want)
			}
			if tries := !tt.want.IsZero(); tries != (len(d.Trials) == 1) || tries == (d.DueNow() > 0) {
				t.Errorf("trials used %v, due %d", d.Trials, d.DueNow())
			}
			if sub := lastStep(d).Subscription; sub != nil && !sub.TrialEnd.Equal(tt.want) {
				t.Errorf("Stripe is told %s", sub.TrialEnd)
			}
		})
	}
}

func TestATrialOnAPage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, buys string
		want       NewSession
	}{
		{"days are counted from the day it is paid", "pro_trial", NewSession{TrialDays: 7}},
		{"months have a date", "pro_month", NewSession{TrialEnd: April.AddDate(0, 1, 0)}},
		{"the card can come later", "pro_nocard", NewSession{TrialDays: 7, CardLater: true}},
		{"no trial", "pro", NewSession{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := *lastStep(decideFor(t, customerOf(), forcePage, tt.buys)).Session
			if !got.Recurring {
				t.Error("the page is for a subscription")
			}
			got.Lines, got.Recurring = nil, false
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("session (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhatIsDueNext(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		buys  []string
		how   func(*Attach)
		at    time.Time
		total Amount
	}{
		{"a month later", []string{"pro"}, nil, April.AddDate(0, 1, 0), 2000},
		{"when the trial ends", []string{"pro_trial"}, nil, April.AddDate(0, 0, 7), 2000},
		{"with the packs bought", []string{"pro_prepaid"}, quantity("messages", "250"), April.AddDate(0, 1, 0), 5000},
		{"without what is paid once", []string{"pro", "setup"}, nil, April.AddDate(0, 1, 0), 2000},
		{"nothing", []string{"setup"}, nil, time.Time{}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(withCard)
			cmd := s.buy(tt.how, tt.buys...)
			next := decideFor(t, s, tt.how, tt.buys...).Next(cmd.Products, April)
			if !next.At.Equal(tt.at) || Total(next.Lines) != tt.total {
				t.Errorf("got %d at %s", Total(next.Lines), next.At)
			}
		})
	}
}

// A decision is data: deciding changes nothing, deciding twice decides the
// same, and it survives being stored.
func TestADecisionIsTheSameEachTimeAndWhenStored(t *testing.T) {
	t.Parallel()
	for _, buys := range [][]string{{"hobby"}, {"pro"}, {"pro_trial"}, {"topup"}, {"pro_prepaid"}, {"g1_pro", "g2_pro", "setup"}, {"booster"}} {
		for _, s := range []AttachState{
			customerOf(holding("free"), used("messages", "20")), customerOf(withCard, holding("topup"), holding("booster")),
		} {
			how := func(a *Attach) {
				for _, p := range a.Products {
					if p.SellsInAdvance("messages") {
						quantity("messages", "300")(a)
					}
				}
			}
			before, _ := json.Marshal(s)
			first, again := decideFor(t, s, how, buys...), decideFor(t, s, how, buys...)
			if diff := cmp.Diff(first, again); diff != "" {
				t.Errorf("%v decided again (-first +again):\n%s", buys, diff)
			}
			op := Operation{ID: "op_1", Command: "attach", Actor: "am_sk_test", Decision: first, CreatedAt: April}
			r := Results{CustomerID: "cus_S", SubscriptionID: "sub_1", Period: Period{Start: April, End: April.AddDate(0, 1, 0)}, Quantities: map[string]int64{"pr_topup": 2}}
			text, err := json.Marshal(op)
			if err != nil {
				t.Fatal(err)
			}
			var stored Operation
			if err := json.Unmarshal(text, &stored); err != nil {
				t.Fatal(err)
			}
			want := op.Settle(s.State, s.Catalog, r, April)
			if diff := cmp.Diff(want, stored.Settle(s.State, s.Catalog, r, April)); diff != "" {
				t.Errorf("%v settled once more, from the row (-first +again):\n%s", buys, diff)
			}
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Errorf("%v changed the state it was decided on:\n%s\n%s", buys, before, after)
			}
		}
	}
}
