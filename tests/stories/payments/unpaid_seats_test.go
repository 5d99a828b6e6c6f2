package payments

import (
	"testing"

	. "windfall/tests/world"
)

// threeSeats makes a customer by invoice who has taken three seats, two of them
// paid for, and brings the invoice of the seats to a status.
func threeSeats(t *testing.T, status string) *World {
	t.Helper()
	w := onInvoice(t, "paid", "pro_seats")
	detachCards(w)
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 2400)
	if status != "open" {
		settle(w, status)
	}
	w.Want("status", invoiceStatuses(w), []string{"paid", status})
	return w
}

func detachCards(w *World) {
	w.Helper()
	cards, _ := w.AtStripe("c")["payment_methods"].([]any)
	for _, card := range cards {
		w.CallStripe("POST", "/v1/payment_methods/"+ValueAt(card, "id").(string)+"/detach", "")
	}
}

// Freed seats are credited if they were paid. Otherwise they stay the customer's
// to the end of the period, and are taken again for nothing.
func TestCHK20FreedSeatsThatWereNotPaid(t *testing.T) {
	t.Parallel()
	for status, credit := range map[string]int64{"open": 0, "void": 0, "uncollectible": 0, "paid": -1200} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := threeSeats(t, status)
			w.Advance("15d")
			w.Track("c", "seats", -2)
			w.WaitIdle()
			w.HasBalance("c", "seats", true, 0)
			w.AdvancePastRenewal(T1)
			w.Billed("c", 2000, 2400, 2000+credit)
		})
	}
}

func TestCHK20FreedSeatsAreTakenAgainForNothing(t *testing.T) {
	t.Parallel()
	w := threeSeats(t, "open")
	w.Track("c", "seats", -2)
	w.Track("c", "seats", 2)
	w.WaitIdle()
	w.Billed("c", 2000, 2400)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2400, 4400)
}

// Seats of a renewal that failed.
func TestCHK20FreedSeatsOfAnOverdueRenewal(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Call("PATCH", "/v1/settings", JSON{"keep_access_when_past_due": true})
	w.CustomerWithCard("c", "pro_seats")
	w.Track("c", "seats", 3)
	w.PutFailingCard("c")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2400, 4400)
	w.HasProducts("c", "pro_seats past_due")
	w.Track("c", "seats", -2)
	w.WaitIdle()
	w.PutGoodCard("c")
	w.Post("/_local/invoices/"+w.Invoices("c")[2].ID+"/pay", nil)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 2400, 4400, 2000)
}

// A change of plan credits the seats of the old one as far as they were paid.
func TestUPG21UnpaidSeats(t *testing.T) {
	t.Parallel()
	for status, charged := range map[string]int64{"paid": 1500 + 2000 - 1200, "void": 1500 + 2000, "uncollectible": 1500 + 2000, "open": 0} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			w := threeSeats(t, status)
			w.Advance("15d")
			ask := Merge(JSON{"customer_id": "c", "product_id": "premium_seats"}, byInvoice())
			if status == "open" {
				w.Refused(400, "unpaid_invoice", "/v1/attach", ask)
				w.Billed("c", 2000, 2400)
				return
			}
			w.Want("preview", dueToday(w, ask), float64(charged)/100)
			w.Post("/v1/attach", ask)
			w.Billed("c", 2000, 2400, charged)
		})
	}
}
