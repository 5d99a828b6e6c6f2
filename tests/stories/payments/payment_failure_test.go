package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// renewal is the time of the first renewal of a monthly subscription of T0.
var renewal = T0.AddDate(0, 1, 0)

// failedRenewal makes the renewal of a product fail on a bad card.
func failedRenewal(t *testing.T, product string) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", product)
	w.PutFailingCard("c")
	w.AdvanceTo(renewal.Add(2 * time.Hour))
	return w
}

func TestPAY01PastDueAndAccess(t *testing.T) {
	t.Parallel()
	w := failedRenewal(t, "g1_pro")
	w.HasProducts("c", "free active", "g1_pro past_due")
	w.HasBalance("c", "words", false, 0)
	w.HasBalance("c", "messages", true, 100) // the other product of the customer continues
	w.Billed("c", 3000, 3000)
	w.Want("statuses", invoiceStatuses(w), []string{"paid", "open"})
}

func TestPAY02Recovery(t *testing.T) {
	t.Parallel()
	w := failedRenewal(t, "g1_pro")
	w.PutGoodCard("c")
	w.Post("/_local/invoices/"+w.Invoices("c")[1].ID+"/pay", nil)
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	w.Billed("c", 3000, 3000)
	w.Want("statuses", invoiceStatuses(w), []string{"paid", "paid"})
	w.HasSubscriptions("c", 1)
}

// Stripe retries a bad card; a good one saved meanwhile is charged then,
// without another call.
func TestPAY02RecoveryByStripesOwnRetry(t *testing.T) {
	t.Parallel()
	w := failedRenewal(t, "g1_pro")
	w.PutGoodCard("c")
	w.AdvanceTo(renewal.AddDate(0, 0, 20))
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	w.Want("statuses", invoiceStatuses(w), []string{"paid", "paid"})
}

func TestPAY03DunningEnds(t *testing.T) {
	t.Parallel()
	w := failedRenewal(t, "pro")
	w.HasProducts("c", "pro past_due")
	w.HasBalance("c", "messages", false, 0)
	w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 100)
	w.Want("statuses", invoiceStatuses(w), []string{"paid", "open"}) // what is owed stays owed
	w.Advance("2 months")
	w.HasProducts("c", "free active")
	w.Billed("c", 2000, 2000)
}

func TestPAY04InvoiceTermsExceeded(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Attach("c", "g1_pro", JSON{"invoice_only": true})
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
	// Thirty days to pay are April whole, so the first invoice to be overdue
	// before the next one is made is that of May.
	w.AdvanceTo(renewal.AddDate(0, 0, 30).Add(2 * time.Hour))
	w.HasProducts("c", "free active", "g1_pro past_due")
	w.HasBalance("c", "words", false, 0)
	for _, i := range w.Invoices("c") {
		if i.Status == "open" {
			w.Post("/_local/invoices/"+i.ID+"/pay", nil)
		}
	}
	w.HasProducts("c", "free active", "g1_pro active")
	w.HasBalance("c", "words", true, 10)
}

func TestPAY05DeclinedOneOff(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutFailingCard("c")
	done := w.Attach("c", "topup", Quantity("messages", 250))
	w.Want("code", done["code"], "checkout_created")
	w.HasBalance("c", "messages", true, 100)
	w.Want("statuses", invoiceStatuses(w), []string{"void"})
	w.Pay(done["checkout_url"].(string))
	w.HasBalance("c", "messages", true, 350)
}

// invoiceStatuses lists the statuses of a customer's invoices at Stripe, oldest
// first.
func invoiceStatuses(w *World) []string {
	var out []string
	for _, i := range w.Invoices("c") {
		out = append(out, i.Status)
	}
	return out
}

// A product scheduled after one whose dunning ended is dropped: it would not be
// paid, however late the event comes. Stripe still names the plan of an ended
// subscription.
func TestPAY03DunningEndsBeforeADowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Post("/_local/customers/c/payment_method", JSON{"payment_method": "pm_card_chargeCustomerFail"})
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.HasProducts("c", "premium past_due")
	w.Attach("c", "pro")
	w.HasProducts("c", "premium past_due", "pro scheduled")
	w.AdvanceWithoutEvents(T2.AddDate(0, 0, 1)) // Stripe gave up after two weeks
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active")
	w.Billed("c", 5000, 5000)
}
