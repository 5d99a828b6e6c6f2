package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestCreditsOfTwoDraftsAndAnEnd has two renewals as drafts, credits for both, and one
// of the subscriptions end, in every order, and each of the two between any two calls of
// the other. The customer has what was given less what issued invoices have of it.
func TestCreditsOfTwoDraftsAndAnEnd(t *testing.T) {
	t.Parallel()
	created := func(w *World) { w.Redeliver("invoice.created") }
	ends := map[string]func(w *World){
		"a cancel": func(w *World) {
			w.Do(w.Stack.Key, "POST", "/v1/cancel", JSON{"customer_id": "c", "product_id": "use", "cancel_immediately": true})
		},
		"an end by staff": func(w *World) { deleteFirst(w); w.Redeliver("customer.subscription.deleted") },
		"a deleted customer": func(w *World) {
			w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
			w.Redeliver("customer.subscription.deleted")
		},
	}
	for name, end := range ends {
		for _, given := range []float64{20, 20.5, 60} {
			for _, used := range []int{0, 105} { // 1.00
				t.Run(fmt.Sprintf("%s, %v, %d used", name, given, used), func(t *testing.T) {
					t.Parallel()
					w, k := twoDrafts(t, given, used)
					start := w.Snapshot()
					for order, pair := range map[string][2]func(w *World){"the end between": {created, end}, "the drafts between": {end, created}} {
						start()
						k.live()
						pair[0](w)
						for _, n := range append(meetings(k.seen()), 0) {
							start()
							k.meets(n, func() { pair[1](w) })
							pair[0](w)
							k.meets(0, nil)
							if n == 0 {
								pair[1](w)
							}
							creditsAddUp(w, fmt.Sprintf("%s, before call %d", order, n), given)
						}
					}
				})
			}
		}
	}
}

// twoDrafts comes to the draft hour of two subscriptions, with credits for both.
func twoDrafts(t *testing.T, given float64, used int) (*World, *killer) {
	w, k := mortal(t)
	smallCatalog(w)
	w.Product("side", "side", Price(20.5))
	w.Post("/v1/rewards", JSON{"id": "credits", "name": "credits", "type": "invoice_credits",
		"discount_config": JSON{"discount_value": given, "duration_type": "one_off", "product_ids": []string{"use", "side"}}})
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	w.PutGoodCard("c")
	w.Attach("c", "use")
	w.Attach("c", "side")
	w.Post("/v1/customers/c/coupons/credits", JSON{})
	if used > 0 {
		w.Track("c", "messages", used)
	}
	w.WaitIdle()
	w.HasSubscriptions("c", 2)
	hold(w)
	w.AdvanceTo(theRenewal.Add(time.Minute))
	return w, k
}

// creditsAddUp delivers all events, and compares what is left with what Stripe has on
// invoices that were issued.
func creditsAddUp(w *World, how string, given float64) {
	w.Helper()
	let(w)
	w.WaitIdle()
	w.Advance("3h")
	w.WaitIdle()
	paid := 0.0
	for _, in := range w.Invoices("c") {
		if in.Status == "draft" || in.Status == "void" {
			continue
		}
		if in.Total < 0 {
			w.Errorf("%s: credits for some prices became credit for all: an invoice of %d", how, in.Total)
		}
		for _, line := range ValueAt(w.CallStripe("GET", "/v1/invoices/"+in.ID, ""), "lines.data").([]any) {
			if ValueAt(line, "metadata.credit_grant") != nil {
				paid -= ValueAt(line, "amount").(float64)
			}
		}
	}
	left := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0.remaining").(float64)
	if diff := given - paid/100 - left; diff > 0.001 || diff < -0.001 {
		w.Errorf("%s: %v given, %v on issued invoices, %v left", how, given, paid/100, left)
	}
}
