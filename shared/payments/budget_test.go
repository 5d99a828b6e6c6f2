package payments_test

import (
	"testing"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// The number of requests of each flow, including the read of the customer
// before it.
func TestRequestsPerFlow(t *testing.T) {
	t.Parallel()
	subscribe := func(card string) billing.Step {
		return subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card})
	}
	purchase := func(card string) billing.Step {
		return invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, Card: card})
	}
	for name, c := range map[string]struct {
		known bool // the prices are at Stripe already
		card  string
		price billing.Step
		step  func(card string) billing.Step
		cost  int64
	}{
		"subscribe, first time": {false, "pm_card_visa", baseStep, subscribe, 3},
		"subscribe":             {true, "pm_card_visa", baseStep, subscribe, 2},
		"subscribe, refused":    {true, "pm_card_chargeCustomerFail", baseStep, subscribe, 2},
		"subscribe by invoice": {true, "", baseStep, func(string) billing.Step {
			return subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, CollectWithin: 30})
		}, 4},
		"purchase, first time":             {false, "pm_card_visa", setupStep, purchase, 5},
		"purchase":                         {true, "pm_card_visa", setupStep, purchase, 4},
		"purchase, refused and taken back": {true, "pm_card_chargeCustomerFail", setupStep, purchase, 6},
		"page": {true, "", baseStep, func(string) billing.Step {
			return pageStep(billing.NewSession{Recurring: true, Lines: []billing.PriceLine{baseLine}})
		}, 3},
	} {
		w := newWorld(t)
		id, card := w.customer(c.card)
		r := billing.Results{CustomerID: id}
		if c.known {
			r = w.mustTake(r, c.price)
		}
		w.calls.Store(0)
		if _, err := w.pay.Customer(t.Context(), catalog.Sandbox, id); err != nil {
			t.Fatal(err)
		}
		steps := []billing.Step{c.price, c.step(card)}
		if c.known {
			steps = steps[1:]
		}
		_, err := w.take(r, steps...)
		if n := w.calls.Load(); n != c.cost {
			t.Errorf("%s: %d requests, want %d (%v)", name, n, c.cost, err)
		}
	}
}

// The number of requests of each change of a subscription.
func TestRequestsPerChange(t *testing.T) {
	t.Parallel()
	next := billing.SetPlan{Next: []billing.PriceLine{line("pr_free", 1)}}
	for name, c := range map[string]struct {
		before billing.SetPlan
		step   func(billing.Results) billing.Step
		cost   int64
	}{
		"an upgrade":             {step: func(r billing.Results) billing.Step { return changeStep(upgrade(false), r) }, cost: 2},
		"an upgrade with usage":  {step: func(r billing.Results) billing.Step { return changeStep(upgrade(true), r) }, cost: 5},
		"a plan":                 {step: func(r billing.Results) billing.Step { return planStep(next, r) }, cost: 3},
		"a plan instead of end":  {before: billing.SetPlan{Ends: true}, step: func(r billing.Results) billing.Step { return planStep(next, r) }, cost: 4},
		"a plan withdrawn":       {before: next, step: func(r billing.Results) billing.Step { return planStep(billing.SetPlan{}, r) }, cost: 3},
		"an end":                 {step: func(r billing.Results) billing.Step { return planStep(billing.SetPlan{Ends: true}, r) }, cost: 2},
		"an end instead of plan": {before: next, step: func(r billing.Results) billing.Step { return planStep(billing.SetPlan{Ends: true}, r) }, cost: 4},
		"nothing to do":          {step: func(r billing.Results) billing.Step { return planStep(billing.SetPlan{}, r) }, cost: 1},
		"a price that left before": {step: func(r billing.Results) billing.Step {
			return endStep(billing.EndSubscription{Remove: []billing.PriceLine{line("pr_max", 1)}}, r)
		}, cost: 1},
		"all of it ended": {step: func(r billing.Results) billing.Step { return endStep(billing.EndSubscription{}, r) }, cost: 4},
	} {
		w, r := subscribed(t)
		w.mustTake(r, planStep(c.before, r))
		w.calls.Store(0)
		_, err := w.takeAs(changing, r, c.step(r))
		if n := w.calls.Load(); n != c.cost || err != nil {
			t.Errorf("%s: %d requests, want %d (%v)", name, n, c.cost, err)
		}
	}
}
