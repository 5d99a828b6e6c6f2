package payments

import (
	"fmt"
	"sync"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// An end with a credit is interrupted between its decision and its credit, and staff act at
// Stripe before it goes on.

// interrupt lets a command reach Stripe with a number of its writes, of which the answer to
// the last is lost, and fail at the next one.
func interrupt(w *World, writes int, command func()) {
	w.Helper()
	var mu sync.Mutex
	n := 0
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		mu.Lock()
		defer mu.Unlock()
		if method == "GET" || path == "/v1/refunds" {
			return stripesim.FaultNone
		}
		switch n++; {
		case n < writes:
			return stripesim.FaultNone
		case n == writes:
			return stripesim.LoseAnswer
		}
		return stripesim.RefuseBefore
	})
	command()
	w.Stack.Sim.SetFault(nil)
}

// endsInterrupted cancels premium with a credit, which stops after a number of writes at Stripe.
func endsInterrupted(w *World, product string, writes int) {
	w.Helper()
	interrupt(w, writes, func() {
		a := w.Do(w.Stack.Key, "POST", "/v1/cancel", endOf(product), IdempotencyKey("end"))
		w.Want("interrupted", a.Status, 503)
	})
}

func endOf(product string) JSON {
	return JSON{"customer_id": "c", "product_id": product, "cancel_immediately": true, "prorate": true}
}

// endedWith checks what was billed, the credit that the history tells of, in cents, and that the
// same request asked again changes nothing.
func endedWith(w *World, product string, credit int64, billed ...int64) {
	w.Helper()
	w.Advance("5m")
	w.HasProducts("c", "free active")
	w.Billed("c", billed...)
	for _, e := range w.Get("/v1/customers/c/audit")["list"].([]any) {
		if ValueAt(e, "action") == "cancel" {
			sum, _ := ValueAt(e, "amount").(float64)
			w.Want("credit in the history", fmt.Sprintf("%.2f", sum), fmt.Sprintf("%.2f", float64(credit)/100))
		}
	}
	w.Want("again", w.Do(w.Stack.Key, "POST", "/v1/cancel", endOf(product), IdempotencyKey("end")).Status, 200)
	w.Billed("c", billed...)
	w.NothingWaits(w.StripeID("c"))
}

func TestCAN13WhatGoesBackMeanwhileIsNotCredited(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		back   func(w *World)
		credit int64
	}{
		"nothing":                      {func(*World) {}, -2500},
		"a refund in part":             {func(w *World) { refunded(w, "c", 2000) }, -1500},
		"a refund of all":              {func(w *World) { refunded(w, "c", 0) }, 0},
		"a credit note to the balance": {func(w *World) { creditNote(w, "credit_amount", "5000") }, 0},
		"a credit note in part":        {func(w *World) { creditNote(w, "refund_amount", "2000") }, -1500},
		"a dispute that is lost":       {func(w *World) { decided(w, disputed(w, "c", 5000), "lost") }, 0},
		"a refund, and another":        {func(w *World) { interrupt(w, 0, func() { givenBack(w, 1000) }); givenBack(w, 1000) }, -1500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "premium")
			w.Advance("15d")
			endsInterrupted(w, "premium", 0)
			c.back(w)
			if c.credit == 0 {
				endedWith(w, "premium", 0, 5000)
				return
			}
			endedWith(w, "premium", c.credit, 5000, c.credit)
		})
	}
}

// givenBack refunds a part of the first invoice's payment.
func givenBack(w *World, cents int) {
	w.Helper()
	w.CallStripe("POST", "/v1/refunds", fmt.Sprint("charge=", chargeOf(w, 0), "&amount=", cents))
}

// What was credited before stays: staff see it at Stripe when they give something back.
func TestCAN13ACreditThatWasMadeStays(t *testing.T) {
	t.Parallel()
	for _, cents := range []int{2000, 5000} {
		w := New(t)
		w.PlanChangeCatalog()
		w.CustomerWithCard("c", "premium")
		w.Advance("15d")
		endsInterrupted(w, "premium", 1)
		givenBack(w, cents)
		endedWith(w, "premium", -2500, 5000, -2500)
	}
}

// A line that takes an unpaid part back waits at Stripe when the command stops, and the part
// changes: it is asked for again, or not at all.
func TestCAN13ALineThatWaitsIsAskedForAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		back   int
		credit []int64
	}{
		"as it was":       {0, []int64{-1500}},
		"more is back":    {1000, []int64{-1000}},
		"all is back":     {3000, nil},
		"all but 2 cents": {2998, []int64{-1}},
	} {
		for writes := range 2 {
			t.Run(fmt.Sprint(name, ", after writes: ", writes), func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.PlanChangeCatalog()
				w.CustomerWithCard("c", "premium")
				givenBack(w, 2000)
				w.Advance("15d")
				endsInterrupted(w, "premium", writes)
				if c.back > 0 {
					givenBack(w, c.back)
				}
				var credit int64
				for _, some := range c.credit {
					credit += some
				}
				endedWith(w, "premium", credit, append([]int64{5000}, c.credit...)...)
			})
		}
	}
}

// An invoice of 50, of which a balance paid 20, is void by the time, written off, or paid.
func TestCAN13AnInvoiceThatWasOpen(t *testing.T) {
	t.Parallel()
	for status, credit := range map[string]int64{"void": 0, "uncollectible": -1000, "paid": -2500, "open": -1000} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			id := w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io", "create_in_stripe": true})["stripe_id"].(string)
			w.CallStripe("POST", "/v1/customers/"+id+"/balance_transactions", "amount=-2000&currency=usd")
			w.Attach("c", "premium", byInvoice())
			w.Advance("15d")
			endsInterrupted(w, "premium", 0)
			settle(w, status)
			if credit == 0 {
				endedWith(w, "premium", 0, 5000)
				return
			}
			endedWith(w, "premium", credit, 5000, credit)
		})
	}
}

// The attach of a free product at once is an end by another name.
func TestCAN13ASwitchToFree(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Advance("15d")
	interrupt(w, 0, func() {
		w.Want("interrupted", w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "free", "plan_schedule": "immediate"}).Status, 503)
	})
	givenBack(w, 2000)
	w.Advance("5m")
	w.HasProducts("c", "free active")
	w.Billed("c", 5000, -1500)
}

// A plan that waits for the end of the period is dropped with it.
func TestCAN13WhileADowngradeWaits(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Advance("15d")
	endsInterrupted(w, "premium", 0)
	givenBack(w, 2000)
	endedWith(w, "premium", -1500, 5000, -1500)
}

// Staff delete the customer at Stripe, with whom the subscription ends: nobody is left to be credited.
func TestCAN13ACustomerWhoIsGone(t *testing.T) {
	t.Parallel()
	for writes := range 2 {
		w := New(t)
		w.PlanChangeCatalog()
		w.CustomerWithCard("c", "premium")
		givenBack(w, 2000)
		w.Advance("15d")
		endsInterrupted(w, "premium", writes)
		w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
		w.Advance("5m")
		w.HasProducts("c", "free active")
		w.Want("again", w.Do(w.Stack.Key, "POST", "/v1/cancel", endOf("premium"), IdempotencyKey("end")).Status, 200)
	}
}
