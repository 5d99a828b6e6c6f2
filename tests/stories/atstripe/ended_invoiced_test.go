package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// Staff end a subscription at Stripe, and have what is left invoiced. That invoice begins no period: seats are not
// billed for one. What was used is billed once, right after it.
func TestWHK06EndedAndInvoicedAtStripe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		buy    func(w *World)
		how    string
		billed []int64
	}{
		"seats, credited":    {func(w *World) { w.Attach("c", "pro_seats"); w.Track("c", "seats", 5) }, "credited", []int64{2000, 4800, -1000}},
		"seats, not":         {func(w *World) { w.Attach("c", "pro_seats"); w.Track("c", "seats", 5) }, "an item waits", []int64{2000, 4800, 555}},
		"seats and a waiver": {func(w *World) { w.Attach("c", "pro_seats"); w.Track("c", "seats", 5) }, "both", []int64{2000, 4800, -445}},
		"use, credited":      {func(w *World) { w.Attach("c", "pro_use"); w.Track("c", "messages", 117) }, "credited", []int64{2000, -1000, 170}},
		"use, not":           {func(w *World) { w.Attach("c", "pro_use"); w.Track("c", "messages", 117) }, "an item waits", []int64{2000, 555, 170}},
		"a plan, credited":   {func(w *World) { w.Attach("c", "pro") }, "credited", []int64{2000, -1000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.CustomerWithCard("c")
			c.buy(w)
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			sub, form := w.FirstSubscription("c"), "invoice_now=true"
			if c.how != "credited" {
				w.CallStripe("POST", "/v1/invoiceitems", "customer="+w.StripeID("c")+"&subscription="+sub+"&amount=555&currency=usd")
			}
			if c.how != "an item waits" {
				form += "&prorate=true"
			}
			w.CallStripe("DELETE", "/v1/subscriptions/"+sub, form)
			w.WaitIdle()
			w.Redeliver("invoice.created", "customer.subscription.deleted", "invoice.paid")
			w.AdvanceTo(T2)
			w.Billed("c", c.billed...)
			w.HasProducts("c", "free active")
		})
	}
}
