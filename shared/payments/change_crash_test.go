package payments_test

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// A move is a transition from one subscription to another.
type move struct {
	before func(*world, billing.Results)
	steps  func(billing.Results) []billing.Step

	plan string // left by a refusal
}

var planned = billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}

// moves lists every kind of change, plan and end that Stripe is asked for.
func moves() map[string]move {
	one := func(step func(billing.Results) billing.Step) func(billing.Results) []billing.Step {
		return func(r billing.Results) []billing.Step { return []billing.Step{step(r)} }
	}
	change := func(n billing.ChangeSubscription) func(billing.Results) []billing.Step {
		return one(func(r billing.Results) billing.Step { return changeStep(n, r) })
	}
	plan := func(n billing.SetPlan) func(billing.Results) []billing.Step {
		return one(func(r billing.Results) billing.Step { return planStep(n, r) })
	}
	end := func(n billing.EndSubscription) func(billing.Results) []billing.Step {
		return one(func(r billing.Results) billing.Step { return endStep(n, r) })
	}
	under := func(n billing.SetPlan) func(*world, billing.Results) {
		return func(w *world, r billing.Results) { w.mustTake(r, planStep(n, r)) }
	}
	byInvoice := upgrade(true)
	byInvoice.ByInvoice, byInvoice.CollectWithin = true, 14
	two := upgrade(true)
	two.Usage = append(two.Usage, words("usage_v"))
	return map[string]move{
		"an upgrade":                  {steps: change(upgrade(false))},
		"an upgrade with usage":       {steps: change(two)},
		"an upgrade refused":          {before: func(w *world, r billing.Results) { w.charged("pm_card_chargeCustomerFail", r) }, steps: change(upgrade(false))},
		"an upgrade with use refused": {before: func(w *world, r billing.Results) { w.charged("pm_card_chargeCustomerFail", r) }, steps: change(two)},
		"an upgrade by invoice":       {steps: change(byInvoice)},
		"usage that waits": {steps: change(billing.ChangeSubscription{Set: []billing.PriceLine{line("pr_seats", 5)}, NoCharge: true,
			Usage: []billing.NewUsage{words("u")}})},
		"an upgrade that drops the plan": {before: under(planned), steps: func(r billing.Results) []billing.Step {
			return []billing.Step{changeStep(upgrade(false), r), planStep(billing.SetPlan{}, r)}
		}},
		"a plan":                {steps: plan(planned)},
		"another plan":          {before: under(planned), steps: plan(billing.SetPlan{Next: []billing.PriceLine{line("pr_year", 1)}, Restart: true})},
		"a plan instead of end": {before: under(billing.SetPlan{Ends: true}), steps: plan(planned)},
		"a plan refused":        {before: (*world).withoutCoupon, steps: plan(planned), plan: "active base×1 seats×3"},
		"a plan refused before an end": {before: func(w *world, r billing.Results) {
			w.withoutCoupon(r)
			w.mustTake(r, planStep(billing.SetPlan{Ends: true}, r))
		}, steps: plan(planned), plan: "active base×1 seats×3 ends"},
		"another plan refused": {before: func(w *world, r billing.Results) {
			w.mustTake(r, planStep(planned, r))
			w.withoutCoupon(r)
		}, steps: plan(billing.SetPlan{Next: []billing.PriceLine{line("pr_max", 1)}}),
			plan: "active base×1 seats×3 then base×1 seats×3 then free×1 then release"},
		"an end instead of plan":           {before: under(planned), steps: plan(billing.SetPlan{Ends: true})},
		"an end":                           {steps: plan(billing.SetPlan{Ends: true})},
		"an end withdrawn":                 {before: under(billing.SetPlan{Ends: true}), steps: plan(billing.SetPlan{})},
		"a plan withdrawn":                 {before: under(planned), steps: plan(billing.SetPlan{})},
		"all of it ended":                  {before: under(planned), steps: end(billing.EndSubscription{})},
		"all of it refunded":               {steps: end(billing.EndSubscription{Refund: true})},
		"every price refunded, one by one": {before: under(planned), steps: end(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3), line("pr_base", 1)}, Refund: true})},
		"all of it refunded, by invoice": {before: func(w *world, r billing.Results) {
			w.must("POST", "/v1/subscriptions/"+r.SubscriptionID, url.Values{"collection_method": {"send_invoice"}, "days_until_due": {"14"}})
		}, steps: end(billing.EndSubscription{Refund: true})},
		"all of it refunded, some of it unpaid": {steps: end(billing.EndSubscription{Refund: true, Withheld: []billing.NewUsage{words("unpaid_w")}})},
		"a price ended, some of it unpaid": {steps: end(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true,
			Withheld: []billing.NewUsage{words("unpaid_w")}})},
		"a price ended": {steps: end(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_seats", 3)}, Refund: true})},
	}
}

// begin builds the world before a move; requests are counted from here.
func (m move) begin(t *testing.T) (*world, billing.Results) {
	t.Helper()
	w, r := subscribed(t)
	if m.before != nil {
		m.before(w, r)
	}
	w.calls.Store(0)
	return w, r
}

// madeButPrices leaves out prices, as an item that is created again has another
// price.
func (w *world) madeButPrices() map[string]int {
	w.Helper()
	objects := w.made()
	maps.DeleteFunc(objects, func(name string, _ int) bool { return strings.HasPrefix(name, "price ") })
	return objects
}

// Any fault at any request of any move is recovered by repeating the steps, at
// once or after Stripe has forgotten the keys.
func TestAnyFaultInAChangeIsHealed(t *testing.T) {
	t.Parallel()
	for name, m := range moves() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calm, r := m.begin(t)
			wantResults, wantErr := calm.takeAs(changing, r, m.steps(r)...)
			requests, objects, plan := int(calm.calls.Load()), calm.madeButPrices(), calm.plan(r)
			for at := 1; at <= requests; at++ {
				for _, f := range []struct {
					kind  stripesim.Fault
					later time.Duration
				}{{stripesim.RefuseBefore, 0}, {stripesim.LoseAnswer, 0}, {stripesim.Status500, 0}, {stripesim.RefuseBefore, 9 * time.Minute}, {stripesim.LoseAnswer, 48 * time.Hour}} {
					when := fmt.Sprintf("fault %d at request %d, again after %s", f.kind, at, f.later)
					w, r := m.begin(t)
					struck := w.strike(f.kind, at)
					if _, err := w.takeAs(changing, r, m.steps(r)...); !errors.Is(err, refusal.ErrStripeUnavailable) || !struck.Load() {
						t.Fatalf("%s: struck %v, err %v", when, struck.Load(), err)
					}
					ref := changing
					ref.Now = mid.Add(f.later)
					w.goTo(ref.Now)
					got, err := w.takeAs(ref, r, m.steps(r)...)
					if left := w.madeButPrices(); !maps.Equal(left, objects) {
						t.Errorf("%s left %v, want %v", when, left, objects)
					}
					if left := w.plan(r); left != plan {
						t.Errorf("%s left %s, want %s", when, left, plan)
					}
					if f.later == 0 {
						sameOutcome(t, when, got, err, wantResults, wantErr)
					} else if kindOf(err) != kindOf(wantErr) || (got.Invoice == nil) != (wantResults.Invoice == nil) {
						t.Errorf("%s: got %+v, %v", when, got.Invoice, err)
					}
				}
			}
		})
	}
}
