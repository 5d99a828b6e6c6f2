package payments

import (
	"net/url"
	"testing"

	. "windfall/tests/world"
)

// Time that nobody paid is not credited, whatever the status of its invoice.

func byInvoice() JSON { return JSON{"invoice_only": true} }

func atOnce() JSON { return JSON{"plan_schedule": "immediate"} }

// creditAtStripe is what a customer has at Stripe for invoices to come.
func creditAtStripe(w *World) int64 {
	w.Helper()
	balance, _ := ValueAt(w.AtStripe("c"), "customer.balance").(float64)
	return -int64(balance)
}

// hasCredit checks it, in cents.
func hasCredit(w *World, want int64) {
	w.Helper()
	w.Want("credit at Stripe", creditAtStripe(w), want)
}

// onInvoice makes a customer without a card who holds a product by invoice, and
// brings the invoice to a status.
func onInvoice(t *testing.T, status, product string, more ...JSON) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	w.Attach("c", product, append(more, byInvoice(), JSON{"finalize_invoice": status != "draft"})...)
	settle(w, status)
	w.Want("status", invoiceStatuses(w), []string{status})
	return w
}

// settle brings the last invoice to a status.
func settle(w *World, status string) {
	w.Helper()
	in := w.Invoices("c")
	act := map[string]string{"paid": "pay", "void": "void", "uncollectible": "mark_uncollectible"}[status]
	if act == "pay" {
		w.PutGoodCard("c")
	}
	if act != "" {
		w.Post("/_local/invoices/"+in[len(in)-1].ID+"/"+act, nil)
	}
}

// unpaidStatuses are those in which nothing of an invoice was paid.
var unpaidStatuses = []string{"open", "draft", "void", "uncollectible"}

func TestCAN12NothingIsCreditedThatWasNotPaid(t *testing.T) {
	t.Parallel()
	for _, status := range unpaidStatuses {
		for name, wait := range map[string]string{"at once": "", "after ten days": "10d"} {
			t.Run(status+" "+name, func(t *testing.T) {
				t.Parallel()
				w := onInvoice(t, status, "premium")
				if wait != "" {
					w.Advance(wait)
				}
				w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
				w.HasProducts("c", "free active")
				w.Want("status", invoiceStatuses(w), []string{status}) // what is owed stays owed
				w.Billed("c", 5000)
				hasCredit(w, 0)
				w.PutGoodCard("c")
				w.Attach("c", "pro")
				w.Billed("c", 5000, 2000)
				hasCredit(w, 0)
			})
		}
	}
}

func TestCAN12WhatWasPaidIsCredited(t *testing.T) {
	t.Parallel()
	w := onInvoice(t, "paid", "premium")
	w.Advance("15d")
	w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
	w.Billed("c", 5000, -2500)
	hasCredit(w, 2500)
}

// The attach to a free product is a cancel by another name.
func TestCAN12ASwitchToFreeCreditsNothingUnpaid(t *testing.T) {
	t.Parallel()
	for _, status := range unpaidStatuses {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := onInvoice(t, status, "premium")
			w.Attach("c", "free", atOnce())
			w.HasProducts("c", "free active")
			w.Billed("c", 5000)
			hasCredit(w, 0)
		})
	}
}

// A customer that is deleted is credited nothing, paid or not.
func TestCAN12ADeletionCreditsNothing(t *testing.T) {
	t.Parallel()
	for _, status := range append(unpaidStatuses, "paid") {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := onInvoice(t, status, "premium")
			before := len(w.Stack.Sim.Events())
			w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
			for _, e := range w.Stack.Sim.Events()[before:] {
				if e.Type == "invoice.created" {
					t.Error("an invoice was made")
				}
			}
		})
	}
}

// A balance that paid a part of an invoice is all that comes back.
func TestCAN12AtMostWhatWasPaidIsCredited(t *testing.T) {
	t.Parallel()
	w := partlyPaid(t)
	w.Advance("15d")
	w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
	w.Billed("c", 5000, -1000) // half of the 20 that were paid
	hasCredit(w, 1000)
}

// partlyPaid makes a customer whose premium was paid with a balance of 20, and
// the rest of it written off.
func partlyPaid(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	id := w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io", "create_in_stripe": true})["stripe_id"].(string)
	if status, text, err := w.Stack.Stripe("POST", "/v1/customers/"+id+"/balance_transactions", url.Values{"amount": {"-2000"}, "currency": {"usd"}}); status != 200 || err != nil {
		t.Fatal(status, string(text), err)
	}
	w.Attach("c", "premium", byInvoice())
	settle(w, "uncollectible")
	return w
}

// A change of an open or draft invoice's time waits; a void or written-off one is
// charged in full, as nothing was paid.
func TestUPG21AnUpgradeIsNotPaidWithUnpaidTime(t *testing.T) {
	t.Parallel()
	for _, status := range unpaidStatuses {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := onInvoice(t, status, "premium")
			w.PutGoodCard("c")
			ask := JSON{"customer_id": "c", "product_id": "ultra"}
			if status == "open" || status == "draft" {
				w.Refused(400, "unpaid_invoice", "/v1/attach", ask)
				w.Refused(400, "unpaid_invoice", "/v1/attach/preview", ask)
				w.HasProducts("c", "premium active")
				w.Billed("c", 5000)
				return
			}
			w.Want("preview", dueToday(w, ask), 200.0)
			w.Attach("c", "ultra")
			w.HasProducts("c", "ultra active")
			w.Billed("c", 5000, 20000)
			hasCredit(w, 0)
			settle(w, "paid") // the subscription is one by invoice
			w.Advance("15d")
			w.Cancel("c", "ultra", Immediately(), JSON{"prorate": true})
			w.Billed("c", 5000, 20000, -10000)
		})
	}
}

// dueToday is the total of a preview.
func dueToday(w *World, ask JSON) any {
	w.Helper()
	return ValueAt(w.Post("/v1/attach/preview", ask), "due_today.total")
}

// Once the open invoice is paid or void the change happens, with the credit that
// is due.
func TestUPG21AnUpgradeAfterTheInvoiceIsSettled(t *testing.T) {
	t.Parallel()
	for status, charged := range map[string]int64{"paid": 7500, "void": 10000} {
		w := onInvoice(t, "open", "premium")
		w.Advance("15d")
		w.PutGoodCard("c")
		w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "ultra"})
		settle(w, status)
		w.Attach("c", "ultra")
		w.Billed("c", 5000, charged)
	}
}

func TestUPG21ADowngradeAtOncePaysNothingOut(t *testing.T) {
	t.Parallel()
	for _, status := range unpaidStatuses {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := onInvoice(t, status, "premium")
			ask := Merge(JSON{"customer_id": "c", "product_id": "pro"}, byInvoice(), atOnce())
			if status == "open" || status == "draft" {
				w.Refused(400, "unpaid_invoice", "/v1/attach", ask)
				w.Billed("c", 5000)
				w.Attach("c", "pro") // at the end of the period is no exchange of time
				w.HasProducts("c", "premium active", "pro scheduled")
				return
			}
			w.Want("preview", dueToday(w, ask), 20.0)
			w.Post("/v1/attach", ask)
			w.Billed("c", 5000, 2000)
			hasCredit(w, 0)
		})
	}
}

// In another interval a full period begins: its credit is under the same rule.
func TestUPG21AYearIsNotPaidWithUnpaidTime(t *testing.T) {
	t.Parallel()
	w := onInvoice(t, "void", "pro")
	w.PutGoodCard("c")
	w.Advance("15d")
	w.Want("preview", dueToday(w, JSON{"customer_id": "c", "product_id": "pro_year"}), 200.0)
	w.Attach("c", "pro_year")
	w.Billed("c", 2000, 20000)
	hasCredit(w, 0)
}

func TestUPG21AtMostWhatWasPaidIsSetOff(t *testing.T) {
	t.Parallel()
	w := partlyPaid(t)
	w.PutGoodCard("c")
	w.Advance("15d")
	w.Want("preview", dueToday(w, JSON{"customer_id": "c", "product_id": "ultra"}), 90.0)
	w.Attach("c", "ultra")
	w.Billed("c", 5000, 9000) // 100 less half of the 20 that were paid
}

func TestATT19UnpaidQuantities(t *testing.T) {
	t.Parallel()
	for _, status := range append(unpaidStatuses, "paid") {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			waits := status == "open" || status == "draft"
			less := onInvoice(t, status, "pro_prepaid", Quantity("messages", 1000))
			ask := Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, byInvoice(), Quantity("messages", 0))
			switch {
			case waits:
				less.Refused(400, "unpaid_invoice", "/v1/attach", ask)
				less.Billed("c", 12000)
			case status == "paid":
				less.Post("/v1/attach", ask)
				less.Billed("c", 12000, -10000)
			default:
				less.Want("preview", dueToday(less, ask), 0.0)
				less.Post("/v1/attach", ask)
				hasCredit(less, 0)
				less.HasBalance("c", "messages", false, 0)
			}
			// More of the same gives nothing up: the open invoice stays owed, and
			// the difference is charged.
			more := onInvoice(t, status, "pro_prepaid", Quantity("messages", 1000))
			ask = Merge(ask, Quantity("messages", 1500))
			want := 150.0
			if waits || status == "paid" {
				want = 50.0
			}
			more.Want("preview", dueToday(more, ask), want)
			more.Post("/v1/attach", ask)
			more.Billed("c", 12000, int64(want)*100)
		})
	}
}
