package payments_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// flows are the courses of an operation, each from a customer with this card.
var flows = map[string]struct {
	card  string
	steps func(card string) []billing.Step
}{
	"a subscription": {"pm_card_visa", func(card string) []billing.Step {
		return []billing.Step{baseStep, setupStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine, setupLine}, Card: card})}
	}},
	"a subscription refused": {"pm_card_chargeCustomerFail", func(card string) []billing.Step {
		return []billing.Step{baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card})}
	}},
	"a subscription by invoice": {"", func(string) []billing.Step {
		return []billing.Step{baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, CollectWithin: 30})}
	}},
	"a subscription with a draft": {"", func(string) []billing.Step {
		return []billing.Step{baseStep, subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, ByInvoice: true, DraftInvoice: true, CollectWithin: 30})}
	}},
	"a purchase": {"pm_card_visa", func(card string) []billing.Step {
		return []billing.Step{setupStep, invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, Card: card})}
	}},
	"a purchase refused": {"pm_card_chargeCustomerFail", func(card string) []billing.Step {
		return []billing.Step{setupStep, invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, Card: card})}
	}},
	"a purchase by invoice": {"", func(string) []billing.Step {
		return []billing.Step{setupStep, invoiceStep(billing.NewInvoice{Lines: []billing.PriceLine{setupLine}, ByInvoice: true, CollectWithin: 30})}
	}},
	"a discount":           {"", func(string) []billing.Step { return []billing.Step{baseStep, discountStep(tenth)} }},
	"seats":                {"pm_card_visa", func(string) []billing.Step { return seatSteps }},
	"seats refused":        {"pm_card_chargeCustomerFail", func(string) []billing.Step { return seatSteps }},
	"seats without a card": {"", func(string) []billing.Step { return seatSteps }},
	"a page": {"", func(string) []billing.Step {
		return []billing.Step{customerStep, baseStep, pageStep(billing.NewSession{Lines: []billing.PriceLine{baseLine}, Recurring: true})}
	}},
}

// Any fault at any request of any flow is recovered by repeating the steps:
// Stripe then has what an undisturbed run leaves there.
func TestAnyFaultIsHealedByTakingTheStepsAgain(t *testing.T) {
	t.Parallel()
	faults := map[string]stripesim.Fault{"refused": stripesim.RefuseBefore, "answer lost": stripesim.LoseAnswer, "500": stripesim.Status500}
	for name, flow := range flows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calm := newWorld(t)
			id, card := calm.customer(flow.card)
			calm.calls.Store(0)
			wantResults, wantErr := calm.take(billing.Results{CustomerID: id}, flow.steps(card)...)
			requests, objects := int(calm.calls.Load()), calm.made()
			for fault, kind := range faults {
				for at := 1; at <= requests; at++ {
					w := newWorld(t)
					id, card := w.customer(flow.card)
					struck := w.strike(kind, at)
					if _, err := w.take(billing.Results{CustomerID: id}, flow.steps(card)...); !errors.Is(err, refusal.ErrStripeUnavailable) || !struck.Load() {
						t.Fatalf("%s at request %d: struck %v, err %v", fault, at, struck.Load(), err)
					}
					r, err := w.take(billing.Results{CustomerID: id}, flow.steps(card)...)
					if got := w.made(); !maps.Equal(got, objects) {
						t.Errorf("%s at request %d left %v, want %v", fault, at, got, objects)
					}
					sameOutcome(t, fmt.Sprintf("%s at request %d", fault, at), r, err, wantResults, wantErr)
				}
			}
		})
	}
}

// Two days later Stripe has forgotten the keys, and objects are found by their
// metadata.
func TestAnOldOperationIsFinishedWithoutItsKeys(t *testing.T) {
	t.Parallel()
	for name, flow := range flows {
		if name == "a subscription with a draft" {
			continue // Stripe itself issues it after an hour if no process holds it back
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calm := newWorld(t)
			id, card := calm.customer(flow.card)
			calm.calls.Store(0)
			wantResults, wantErr := calm.take(billing.Results{CustomerID: id}, flow.steps(card)...)
			requests, objects := int(calm.calls.Load()), calm.made()
			for at := 1; at <= requests; at++ {
				w := newWorld(t)
				id, card := w.customer(flow.card)
				w.strike(stripesim.LoseAnswer, at)
				if _, err := w.take(billing.Results{CustomerID: id}, flow.steps(card)...); !errors.Is(err, refusal.ErrStripeUnavailable) {
					t.Fatalf("request %d: %v", at, err)
				}
				r, err := w.takeLater(48*time.Hour, billing.Results{CustomerID: id}, flow.steps(card)...)
				if got := w.made(); !sameObjects(got, objects) {
					t.Errorf("request %d left %v, want %v", at, got, objects)
				}
				same := kindOf(err) == kindOf(wantErr) && mark(r.SubscriptionID) == mark(wantResults.SubscriptionID) &&
					mark(r.SessionID) == mark(wantResults.SessionID) && (r.Invoice == nil) == (wantResults.Invoice == nil)
				if !same {
					t.Errorf("request %d: got %+v, %v", at, r, err)
				}
			}
		})
	}
}

// strike lets one request fail, and reports whether it did.
func (w *world) strike(kind stripesim.Fault, at int) *atomic.Bool {
	struck := &atomic.Bool{}
	w.sim.SetFault(func(_, _ string, n int) stripesim.Fault {
		if n == at && struck.CompareAndSwap(false, true) {
			return kind
		}
		return stripesim.FaultNone
	})
	return struck
}

// takeLater moves the clock before it takes the steps.
func (w *world) takeLater(after time.Duration, r billing.Results, steps ...billing.Step) (billing.Results, error) {
	w.Helper()
	if err := w.sim.AdvanceTo(w.Context(), start.Add(after)); err != nil {
		w.Fatal(err)
	}
	ref := ada
	ref.Now = start.Add(after)
	return w.takeAs(ref, r, steps...)
}

// sameOutcome compares results without ids, which depend on the number of
// requests.
func sameOutcome(t *testing.T, when string, r billing.Results, err error, want billing.Results, wantErr error) {
	t.Helper()
	if kindOf(err) != kindOf(wantErr) {
		t.Errorf("%s: err %v, want %v", when, err, wantErr)
	}
	for _, r := range []*billing.Results{&r, &want} {
		r.CustomerID, r.SubscriptionID, r.SessionID, r.URL = mark(r.CustomerID), mark(r.SubscriptionID), mark(r.SessionID), mark(r.URL)
		prices := map[string]string{}
		for item, id := range r.Prices {
			prices[item] = mark(id)
		}
		r.Prices = prices
		if r.Invoice != nil {
			in := *r.Invoice
			in.StripeID, in.StripeCustomerID, in.SubscriptionID, in.URL = mark(in.StripeID), mark(in.StripeCustomerID), mark(in.SubscriptionID), mark(in.URL)
			r.Invoice = &in
		}
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("%s: got %+v, want %+v", when, r, want)
	}
}

func mark(id string) string {
	if id == "" {
		return ""
	}
	return "set"
}

// sameObjects ignores the effects of time: a page expires, and a declined card is
// charged once more.
func sameObjects(got, want map[string]int) bool {
	fold := func(objects map[string]int) map[string]int {
		out := map[string]int{}
		for name, n := range objects {
			if strings.HasPrefix(name, "charge failed") {
				continue
			}
			if strings.HasPrefix(name, "checkout.session") {
				name = "checkout.session"
			}
			out[name] += n
		}
		return out
	}
	return maps.Equal(fold(got), fold(want))
}
