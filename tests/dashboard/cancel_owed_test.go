package dashboard_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	. "windfall/tests/world"
)

// The preview of a cancel says of each invoice that nobody has paid whether it will be collected, and so it happens.
func TestDASH130WhatACancelLeavesOwed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*World)
		at     time.Time
		ends   string
		when   string
		says   string
		then   []int64  // billed a day later
		status []string // … as
	}{
		"a draft, now": {func(w *World) { w.Attach("ada", "pro") }, T1.Add(10 * time.Minute), "pro", "Now",
			"The invoice of 1 May 2027 for $20.00 is still a draft. It will not be collected: the period that it begins is not charged.",
			[]int64{2000, 2000}, []string{"paid", "draft"}},
		"a draft, later": {func(w *World) { w.Attach("ada", "pro") }, T1.Add(10 * time.Minute), "pro", "At the end of the period",
			"The invoice of 1 May 2027 for $20.00 is still a draft. It will be issued and collected.",
			[]int64{2000, 2000}, []string{"paid", "paid"}},
		"a draft with use, now": {func(w *World) { w.Attach("ada", "pro_use"); w.Track("ada", "messages", 130) }, T1.Add(10 * time.Minute), "pro_use", "Now",
			"The invoice of 1 May 2027 for $23.00 is still a draft. The period that it begins is not charged. What else is on it, as use of the period before, will be issued and collected.",
			[]int64{2000, 300}, []string{"paid", "paid"}},
		"a draft of two products, now": {func(w *World) {
			w.Post("/v1/attach", JSON{"customer_id": "ada", "product_ids": []string{"pro", "g1_pro"}})
		}, T1.Add(10 * time.Minute), "pro", "Now",
			"The invoice of 1 May 2027 for $50.00 is still a draft. It will be issued and collected without the price of this product, as its new period is not charged.",
			[]int64{5000, 3000}, []string{"paid", "paid"}},
		"not paid, now": {func(w *World) { w.Attach("ada", "pro"); w.PutFailingCard("ada") }, T1.Add(2 * time.Hour), "pro", "Now",
			"The invoice of 1 May 2027 for $20.00 is not paid and stays owed. Stripe stops collecting it with this cancel: it will not be collected by itself. It can still be paid on its page; void it at Stripe if that is not meant.",
			[]int64{2000, 2000}, []string{"paid", "open"}},
		"not paid, later": {func(w *World) { w.Attach("ada", "pro"); w.PutFailingCard("ada") }, T1.Add(2 * time.Hour), "pro", "At the end of the period",
			"The invoice of 1 May 2027 for $20.00 is not paid and stays owed. Stripe may still collect it. Void it there if that is not meant.",
			[]int64{2000, 2000}, []string{"paid", "paid"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := shopFor(t)
			w.PutGoodCard("ada")
			c.before(w)
			w.AdvanceTo(c.at)
			p := b.Get("/dashboard/customers/ada").Click("Cancel "+c.ends).Form("Cancel "+c.ends).Choose("When", c.when).Press("Preview")
			p.Says(c.says).Press("Confirm cancel").Said(c.ends + " cancelled.")
			w.PutGoodCard("ada")
			w.Advance("8d") // Stripe's tries are over
			w.Billed("ada", c.then...)
			for i, in := range w.Invoices("ada") {
				if i >= len(c.status) || in.Status != c.status[i] {
					t.Errorf("invoice %d is %s, want %q", i, in.Status, c.status)
				}
			}
		})
	}
}

// A cancel can be undone up to the end of the period, whatever the page showed; afterwards nothing is charged, and the refusal
// says so in words.
func TestDASH131AnUndoAtTheEndOfThePeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at     time.Duration
		silent bool // Stripe's events are late
		said   string
		billed []int64
		holds  string
	}{
		{-time.Second, false, "", []int64{20000, 20000}, "ultra active"},
		{0, false, "ultra has ended.", []int64{20000}, "free active"},
		{0, true, "ultra has ended.", []int64{20000}, "free active"},
		{10 * time.Minute, true, "ultra has ended.", []int64{20000}, "free active"},
		{2 * time.Hour, false, "ultra has ended.", []int64{20000}, "free active"},
	} {
		t.Run(fmt.Sprint(c.at, c.silent), func(t *testing.T) {
			t.Parallel()
			w, b := shopFor(t)
			w.CustomerWithCard("ada", "ultra")
			w.Cancel("ada", "ultra")
			w.AdvanceTo(T1.Add(-time.Hour))
			p := b.Get("/dashboard/customers/ada")
			if c.silent {
				w.AdvanceWithoutEvents(T1.Add(c.at))
			} else {
				w.AdvanceTo(T1.Add(c.at))
			}
			if done := p.Press("Undo cancel of ultra"); c.said == "" {
				done.Said("ultra continues.")
			} else {
				done.Refused(http.StatusConflict, c.said)
			}
			w.WaitIdle()
			w.AdvanceTo(T1.Add(4 * time.Hour))
			w.HasProducts("ada", c.holds)
			w.Billed("ada", c.billed...)
		})
	}
}
