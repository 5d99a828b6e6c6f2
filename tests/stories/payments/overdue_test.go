package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// overdue makes a customer whose renewal failed.
func overdue(t *testing.T, product string, more ...JSON) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", product, more...)
	w.PutFailingCard("c")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", product+" past_due")
	return w
}

// A change that is charged would be Stripe's latest invoice: once it is paid, the
// subscription is active again, whatever is still owed for it.
func TestPAY06AChangeDoesNotGiveAccessBack(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]JSON{
		"up":                   {"product_id": "premium"},
		"up by invoice":        {"product_id": "premium", "invoice_only": true},
		"up to a year":         {"product_id": "pro_year"},
		"down at once":         {"product_id": "cheap", "plan_schedule": "immediate"},
		"down by invoice":      {"product_id": "cheap", "plan_schedule": "immediate", "invoice_only": true},
		"other items":          {"product_id": "pro", "is_custom": true, "items": []JSON{Price(25), Messages(500)}},
		"other items, cheaper": {"product_id": "pro", "is_custom": true, "items": []JSON{Price(15), Messages(500)}, "invoice_only": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := overdue(t, "pro")
			w.Product("cheap", "main", Price(5), Messages(50))
			w.PutGoodCard("c")
			ask := Merge(JSON{"customer_id": "c"}, ask)
			w.Refused(400, "unpaid_invoice", "/v1/attach/preview", ask)
			w.Refused(400, "unpaid_invoice", "/v1/attach", ask)
			w.HasProducts("c", "pro past_due")
			w.HasBalance("c", "messages", false, 0)
			w.Billed("c", 2000, 2000)
			hasCredit(w, 0)
			w.Post("/_local/invoices/"+w.Invoices("c")[1].ID+"/pay", nil)
			w.Post("/v1/attach", ask)
		})
	}
}

func TestPAY06AQuantityDoesNotGiveAccessBack(t *testing.T) {
	t.Parallel()
	for _, n := range []int{100, 500} {
		w := overdue(t, "pro_prepaid", Quantity("messages", 200))
		w.PutGoodCard("c")
		ask := Merge(JSON{"customer_id": "c", "product_id": "pro_prepaid"}, Quantity("messages", n))
		w.Refused(400, "unpaid_invoice", "/v1/attach", ask)
		w.HasBalance("c", "messages", false, 0)
		w.Billed("c", 4000, 4000)
	}
}

// Another invoice is no payment.
func TestPAY06AnotherInvoiceDoesNotGiveAccessBack(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Attach("c", "g1_pro", byInvoice())
	w.AdvanceTo(renewal.AddDate(0, 0, 30).Add(2 * time.Hour))
	w.HasProducts("c", "free active", "g1_pro past_due")
	before := len(w.Invoices("c"))
	for _, ask := range []JSON{{"product_id": "g1_premium"}, {"product_id": "g1_starter", "plan_schedule": "immediate"}} {
		w.Refused(400, "unpaid_invoice", "/v1/attach", Merge(JSON{"customer_id": "c"}, ask, byInvoice()))
	}
	w.HasBalance("c", "words", false, 0)
	w.Cancel("c", "g1_pro", Immediately(), JSON{"prorate": true})
	w.Want("invoices", len(w.Invoices("c")), before)
	hasCredit(w, 0)
}

// What costs nothing now is taken over, and stays as past due as it was.
func TestPAY06ATakeoverDoesNotGiveAccessBack(t *testing.T) {
	t.Parallel()
	w := overdue(t, "pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"}) // Stripe repeats how the subscription is
	w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Price(20), Messages(700)}})
	w.HasProducts("c", "pro past_due")
	w.HasBalance("c", "messages", false, 0)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "pro past_due")
	w.HasBalance("c", "messages", false, 0)
	w.PutGoodCard("c")
	w.Post("/_local/invoices/"+w.Invoices("c")[1].ID+"/pay", nil)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 700)
	w.Billed("c", 2000, 2000)
}

// With the end of the period nothing is exchanged, so that need not wait.
func TestPAY06AChangeAtTheEndNeedNotWait(t *testing.T) {
	t.Parallel()
	w := overdue(t, "pro")
	w.Attach("c", "premium", JSON{"plan_schedule": "end_of_cycle"})
	w.HasProducts("c", "premium scheduled", "pro past_due")
	w.HasBalance("c", "messages", false, 0)
}

// Leaving is always possible, and nothing that is owed comes back.
func TestPAY06LeavingCreditsNothing(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*World){
		"cancel with credit": func(w *World) { w.Cancel("c", "pro", Immediately(), JSON{"prorate": true}) },
		"to free":            func(w *World) { w.Attach("c", "free", atOnce()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := overdue(t, "pro")
			leave(w)
			w.HasProducts("c", "free active")
			w.HasBalance("c", "messages", true, 100)
			w.Billed("c", 2000, 2000)
			hasCredit(w, 0)
		})
	}
}

// After staff void or write off the invoice of a customer's only period, Stripe
// calls the subscription active: the customer keeps the product to the end of the
// period, and is billed for the next; the period itself is worth no credit.
func TestPAY06AWrittenOffInvoiceKeepsAccess(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"void", "uncollectible"} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := overdue(t, "pro")
			settle(w, status)
			w.HasProducts("c", "pro active")
			w.HasBalance("c", "messages", true, 500)
			w.PutGoodCard("c")
			w.Want("preview", dueToday(w, JSON{"customer_id": "c", "product_id": "premium"}), 49.87)
			w.Attach("c", "premium")
			w.HasProducts("c", "premium active")
			hasCredit(w, 0)
			w.AdvancePastRenewal(T2)
			w.HasProducts("c", "premium active")
			w.Want("invoices", invoiceStatuses(w), []string{"paid", status, "paid", "paid"})
		})
	}
}
