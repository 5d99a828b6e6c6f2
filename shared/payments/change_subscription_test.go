package payments_test

import (
	"errors"
	"net/url"
	"slices"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// The subscription and the invoice lines after each change, with half of the
// month left.
func TestChangeSubscription(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*world, billing.Results)
		change billing.ChangeSubscription
		plan   string
		lines  []int64 // nil: no invoice
		status string
		period money.Period
		trial  time.Time
	}{
		"an upgrade": {change: upgrade(false), plan: "active max×1 seats×3", lines: []int64{-1000, 2500}, status: "paid", period: month},
		"an upgrade with usage": {change: upgrade(true), plan: "active max×1 seats×3",
			lines: []int64{-1000, 600, 2500}, status: "paid", period: month},
		"a set-up paid once": {change: billing.ChangeSubscription{Add: []billing.PriceLine{line("pr_setup", 2)}}, plan: "active base×1 seats×3",
			lines: []int64{2 * 9900}, status: "paid", period: month},
		"more seats": {change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 5)}}, plan: "active base×1 seats×5",
			lines: []int64{-750, 1250}, status: "paid", period: month},
		"fewer seats become credit": {change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 1)}}, plan: "active base×1 seats×1",
			lines: []int64{-750, 250}, status: "paid", period: month},
		"from the next period on": {change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 5)}, NoCharge: true},
			plan: "active base×1 seats×5", period: month},
		"usage that waits": {change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 5)}, NoCharge: true, Usage: []billing.NewUsage{words("u")}},
			plan: "active base×1 seats×5 waits 600", period: month},
		"an exchange for a year": {change: billing.ChangeSubscription{Remove: []billing.PriceLine{line("pr_base", 1), line("pr_seats", 3)}, Add: []billing.PriceLine{line("pr_year", 1)}},
			plan: "active year×1", lines: []int64{-1000, -750, 30000}, status: "paid", period: money.Period{Start: mid, End: mid.AddDate(1, 0, 0)}},
		"an end withdrawn": {before: func(w *world, r billing.Results) { w.set(r, "cancel_at_period_end", "true") },
			change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 4)}, GoesOn: true}, plan: "active base×1 seats×4",
			lines: []int64{-750, 1000}, status: "paid", period: month},
		"an end on a date withdrawn": {before: func(w *world, r billing.Results) { w.set(r, "cancel_at", "1788000000") },
			change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 4)}, GoesOn: true}, plan: "active base×1 seats×4",
			lines: []int64{-750, 1000}, status: "paid", period: month},
		"an end kept": {before: func(w *world, r billing.Results) { w.set(r, "cancel_at_period_end", "true") },
			change: billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 4)}}, plan: "active base×1 seats×4 ends",
			lines: []int64{-750, 1000}, status: "paid", period: month},
		"a fresh trial": {change: billing.ChangeSubscription{Remove: []billing.PriceLine{line("pr_base", 1)}, Add: []billing.PriceLine{line("pr_max", 1)}, TrialEnd: mid.AddDate(0, 0, 7)},
			plan: "trialing max×1 seats×3", lines: []int64{-1000, -750, 0, 0}, status: "paid", period: money.Period{Start: mid, End: mid.AddDate(0, 0, 7)}, trial: mid.AddDate(0, 0, 7)},
		"beside a plan, which stays": {before: func(w *world, r billing.Results) {
			w.mustTake(r, planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}, r))
		}, change: func() billing.ChangeSubscription { n := upgrade(false); n.GoesOn = true; return n }(),
			plan: "active max×1 seats×3 then base×1 seats×3 then free×1 then release", lines: []int64{-1000, 2500}, status: "paid", period: month},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			if c.before != nil {
				c.before(w, r)
			}
			step := changeStep(c.change, r)
			for again := range 3 { // repeated, it has no further effect
				got, err := w.takeAs(changing, r, step)
				if err != nil {
					t.Fatal(err)
				}
				if plan := w.plan(r); plan != c.plan {
					t.Errorf("%d: %s, want %s", again, plan, c.plan)
				}
				if got.SubscriptionID != r.SubscriptionID || got.Period != c.period || !got.TrialEnds.Equal(c.trial) || (got.Invoice == nil) != (c.lines == nil) {
					t.Fatalf("%d: got %+v", again, got)
				}
				if in := got.Invoice; in != nil && (in.Status != c.status || in.OperationID != "op_2" || len(in.ProductIDs) == 0) {
					t.Errorf("%d: invoice %+v", again, *in)
				}
				if in := got.Invoice; in != nil && !slices.Equal(w.lines(in.StripeID), c.lines) {
					t.Errorf("%d: lines %v, want %v", again, w.lines(in.StripeID), c.lines)
				}
			}
		})
	}
}

func (w *world) set(r billing.Results, name, value string) {
	w.Helper()
	w.must("POST", "/v1/subscriptions/"+r.SubscriptionID, url.Values{name: {value}})
}

// Ending a trial begins a full period.
func TestChangeEndsTheTrial(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	r := w.mustTake(billing.Results{CustomerID: id}, baseStep, priceStep("pr_max", 5000, money.Month),
		subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card, TrialEnd: mid.AddDate(0, 0, 7)}))
	w.goTo(mid)
	n := upgrade(false)
	n.EndTrial = true
	got, err := w.takeAs(changing, r, changeStep(n, r))
	if err != nil || got.Period != (money.Period{Start: mid, End: time.Date(2026, 7, 16, 12, 0, 0, 0, time.UTC)}) || got.Invoice == nil || got.Invoice.Total != 5000 || got.Invoice.Status != "paid" {
		t.Fatalf("got %+v, %+v, %v", got, got.Invoice, err)
	}
}

// The invoice of a change names its operation wherever it is read, and those of
// the renewals name none. Each names the products on its lines.
func TestChangeInvoiceNamesItsOperation(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	got, err := w.takeAs(changing, r, changeStep(upgrade(false), r))
	if err != nil {
		t.Fatal(err)
	}
	w.goTo(month.End.AddDate(0, 0, 1))
	for _, o := range w.list("/v1/invoices") {
		in, err := w.pay.Invoice(t.Context(), catalog.Sandbox, o.text("id"))
		want, products := "", []string{"pro", "max"} // the seats of pro continue
		switch {
		case in.StripeID == got.Invoice.StripeID:
			want = "op_2"
		case !in.Renewal:
			want, products = "op_1", []string{"pro"}
		}
		if err != nil || in.OperationID != want || !slices.Equal(in.ProductIDs, products) {
			t.Errorf("read %+v, %v; want %s for %v", in, err, want, products)
		}
	}
	again, err := w.takeAs(changing, r, changeStep(upgrade(false), r)) // after the renewal
	if err != nil || again.Invoice == nil || again.Invoice.StripeID != got.Invoice.StripeID {
		t.Errorf("read back %+v, %v", again.Invoice, err)
	}
}

// A refused change leaves everything as it was, however often it is repeated,
// and another operation may then bill the same usage.
func TestChangeRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		card   string
		change func(*billing.ChangeSubscription)
		kind   refusal.Kind
	}{
		"the charge fails":          {card: "pm_card_chargeCustomerFail", kind: refusal.KindDeclined},
		"the card wants the person": {card: "pm_card_authenticationRequired", kind: refusal.KindDeclined},
		"a price nobody made":       {change: func(n *billing.ChangeSubscription) { n.Add[0].StripeID = "price_unknown" }, kind: refusal.KindInvalid},
		"a moment of another month": {change: func(n *billing.ChangeSubscription) { n.At = start.AddDate(0, -1, 0) }, kind: refusal.KindInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			if c.card != "" {
				w.charged(c.card, r)
			}
			w.mustTake(r, planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}, r))
			w.must("POST", "/v1/invoiceitems", url.Values{"customer": {r.CustomerID}, "amount": {"77"}, "currency": {"usd"}})
			plan, invoices := w.plan(r), len(w.list("/v1/invoices"))
			n := upgrade(true)
			n.Add = slices.Clone(n.Add)
			if c.change != nil {
				c.change(&n)
			}
			ref := changing
			for _, later := range []time.Duration{0, time.Minute, time.Hour, 30 * time.Hour} {
				ref.Now = mid.Add(later)
				w.goTo(ref.Now)
				if _, err := w.takeAs(ref, r, changeStep(n, r)); kindOf(err) != c.kind {
					t.Errorf("after %s: err = %v, want %s", later, err, c.kind)
				}
				if got := w.plan(r); got != plan {
					t.Errorf("after %s: %s, want %s", later, got, plan)
				}
			}
			if got := len(w.list("/v1/invoices")); got != invoices {
				t.Errorf("%d invoices, want %d", got, invoices)
			}
			w.charged("pm_card_visa", r)
			next := ref
			next.OperationID, next.CreatedAt = "op_3", ref.Now
			got, err := w.takeAs(next, r, changeStep(upgrade(true), r))
			if err != nil || !slices.Equal(w.lines(got.Invoice.StripeID), []int64{-1000, 77, 600, 2500}) {
				t.Errorf("the next operation: %+v, %v", got.Invoice, err)
			}
		})
	}
}

// Usage that another operation lets wait is not dropped, and no usage is billed
// twice.
func TestChangeLeavesTheUsageOfOthers(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	waits := billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 4)}, NoCharge: true, Usage: []billing.NewUsage{words("usage_w")}}
	if _, err := w.takeAs(changing, r, changeStep(waits, r)); err != nil {
		t.Fatal(err)
	}
	w.charged("pm_card_chargeCustomerFail", r)
	next := changing
	next.OperationID = "op_3"
	if _, err := w.takeAs(next, r, changeStep(upgrade(true), r)); kindOf(err) != refusal.KindDeclined {
		t.Fatalf("err = %v", err)
	}
	if got := w.plan(r); got != "active base×1 seats×4 waits 600" {
		t.Errorf("left %s", got)
	}
	w.charged("pm_card_visa", r)
	next.OperationID = "op_4"
	got, err := w.takeAs(next, r, changeStep(upgrade(true), r))
	if err != nil || !slices.Equal(w.lines(got.Invoice.StripeID), []int64{-1000, 600, 2500}) {
		t.Errorf("got %+v, %v", got.Invoice, err)
	}
}

// One change is billed by invoice; the renewal is collected as before.
func TestChangeByInvoice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft  bool
		status string
	}{"sent": {false, "open"}, "left a draft": {true, "draft"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := subscribed(t)
			w.charged("pm_card_chargeCustomerFail", r) // this card is not charged
			n := upgrade(true)
			n.ByInvoice, n.DraftInvoice, n.CollectWithin = true, c.draft, 14
			for range 2 {
				got, err := w.takeAs(changing, r, changeStep(n, r))
				if err != nil || got.Invoice == nil || got.Invoice.Status != c.status || got.Invoice.Total != 2100 {
					t.Fatalf("got %+v, %v", got.Invoice, err)
				}
				in := w.must("GET", "/v1/invoices/"+got.Invoice.StripeID, nil)
				if in.text("collection_method") != "send_invoice" || in["due_date"] != float64(mid.AddDate(0, 0, 14).Unix()) {
					t.Errorf("invoice %v due %v", in["collection_method"], in["due_date"])
				}
				if plan := w.plan(r); plan != "active max×1 seats×3" { // by card again
					t.Errorf("left %s", plan)
				}
			}
		})
	}
}

// A subscription that is paid by invoice stays so, on its own terms.
func TestChangeOfASubscriptionPaidByInvoice(t *testing.T) {
	t.Parallel()
	for _, byInvoice := range []bool{false, true} {
		w := newWorld(t)
		id, _ := w.customer("")
		r := w.mustTake(billing.Results{CustomerID: id}, baseStep, priceStep("pr_max", 5000, money.Month),
			subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, CollectWithin: 30}))
		w.goTo(mid)
		n := upgrade(false)
		n.ByInvoice, n.CollectWithin = byInvoice, 7
		got, err := w.takeAs(changing, r, changeStep(n, r))
		if err != nil || got.Invoice == nil || got.Invoice.Status != "open" || got.Invoice.Total != 1500 {
			t.Fatalf("by invoice %v: got %+v, %v", byInvoice, got.Invoice, err)
		}
		sub := w.must("GET", "/v1/subscriptions/"+r.SubscriptionID, nil)
		if sub.text("collection_method") != "send_invoice" || sub["days_until_due"] != 30.0 {
			t.Errorf("by invoice %v: %v, %v days", byInvoice, sub["collection_method"], sub["days_until_due"])
		}
	}
}

// A subscription that has ended is read again; its usage does not wait.
func TestChangeOfASubscriptionThatEnded(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	w.must("DELETE", "/v1/subscriptions/"+r.SubscriptionID, nil)
	for _, step := range []billing.Step{changeStep(upgrade(true), r), planStep(billing.SetPlan{Ends: true}, r), planStep(billing.SetPlan{}, r),
		planStep(billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}, r)} {
		if _, err := w.takeAs(changing, r, step); kindOf(err) != refusal.KindConflict {
			t.Errorf("%s: err = %v", step.Name, err)
		}
	}
	if got := w.plan(r); got != "canceled base×1 seats×3" {
		t.Errorf("left %s", got)
	}
}

// Staff have exchanged the price that is to leave: nothing is changed.
func TestChangeOfASubscriptionThatStaffChanged(t *testing.T) {
	t.Parallel()
	w, r := subscribed(t)
	before := w.plan(r)
	_, err := w.takeAs(changing, r, changeStep(billing.ChangeSubscription{Remove: []billing.PriceLine{line("pr_year", 1)}, Set: []billing.PriceLine{line("pr_max", 1)}}, r))
	if !errors.Is(err, app.ErrSubscriptionChanged) {
		t.Errorf("error %v", err)
	}
	if after := w.plan(r); after != before {
		t.Errorf("%s, want %s", after, before)
	}
}
