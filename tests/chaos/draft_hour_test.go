package chaos

import (
	"net/http"
	"net/url"
	"time"

	. "windfall/tests/world"
)

// draftHour prepares a customer whose renewal is a draft that has the overage of
// the period before.
func draftHour(w *World) {
	overdrawn(w)
	w.AdvanceTo(theRenewal.Add(38 * time.Minute))
}

// draftHourOfTwo is draftHour of a subscription that goes on with an add-on.
func draftHourOfTwo(w *World) {
	w.PutGoodCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"use", "addon_words"}})
	w.Track("c", "messages", 155)
	w.AdvanceTo(theRenewal.Add(38 * time.Minute))
}

// draftHourAndStaff is draftHour with an item of staff's that waits for the next
// invoice.
func draftHourAndStaff(w *World) {
	draftHour(w)
	item := url.Values{"customer": {w.Customer("c")["stripe_id"].(string)}, "subscription": {w.Invoices("c")[0].Subscription}, "amount": {"300"}, "currency": {"usd"}}
	if status, text, err := w.Stack.Stripe(http.MethodPost, "/v1/invoiceitems", item); status != http.StatusOK || err != nil {
		w.Fatalf("an item at Stripe: %d %s, %v", status, text, err)
	}
}

// draftHourAnd is draftHour with a change in that hour.
func draftHourAnd(product string) func(*World) {
	return func(w *World) {
		draftHour(w)
		w.Attach("c", product)
	}
}

// prorationsWait prepares a customer whose price staff has exchanged for pro's,
// with prorations for the next invoice.
func prorationsWait(w *World) {
	sold("premium", "pro")(w)
	w.Advance("15d")
	id := ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string)
	w.Post("/_local/subscriptions/"+id, Merge(anotherPrice(w), JSON{"proration_behavior": "create_prorations"}))
}

// seatsWait prepares a customer with two features' seats that are to be charged
// with the next invoice of a subscription.
func seatsWait(w *World) {
	w.Feature("seats", "continuous_use")
	w.Feature("desks", "continuous_use")
	w.Product("team", "main", Price(20), Seats("seats", 1, 50, "prorate_next_cycle", "none"), Seats("desks", 0, 10, "prorate_next_cycle", "none"))
	held("team")(w)
	w.Advance("15d")
	w.Track("c", "seats", 3)
	w.Track("c", "desks", 1)
}

// endsAtStripe has the subscription deleted by staff, with its events on the way.
func endsAtStripe(prepare func(w *World)) func(w *World) {
	return func(w *World) {
		prepare(w)
		hold(w)
		deleteFirst(w)
	}
}
