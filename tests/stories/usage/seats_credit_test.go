package usage

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	. "windfall/tests/world"
)

// owed is what a customer was billed at Stripe, and what waits for the next invoice,
// in cents. A draft that an end has left is never collected.
func owed(w *World, customer string) (sum int64) {
	w.Helper()
	w.WaitIdle()
	for _, in := range w.Invoices(customer) {
		if in.Status != "draft" {
			sum += in.Total
		}
	}
	_, text, err := w.Stack.Stripe(http.MethodGet, "/v1/invoiceitems", url.Values{"customer": {w.StripeID(customer)}, "pending": {"true"}, "limit": {"100"}})
	if err != nil {
		w.Fatal(err)
	}
	for _, item := range ParseJSON(w.T, text)["data"].([]any) {
		sum += int64(ValueAt(item, "amount").(float64))
	}
	return sum
}

// A discount lowers what seats cost, and so what comes back for them.
func TestFreedSeatsGiveBackWhatWasPaid(t *testing.T) {
	t.Parallel()
	for name, put := range map[string]func(w *World, coupon string){
		"on the customer": func(w *World, coupon string) {
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon="+coupon)
		},
		"on the subscription": func(w *World, coupon string) {
			w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon="+coupon)
		},
	} {
		for _, duration := range []string{"forever", "once"} {
			t.Run(name+", "+duration, func(t *testing.T) {
				t.Parallel()
				w := seatPlans(t)
				w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration="+duration)
				w.Track("c", "seats", 3)
				put(w, "HALF")
				w.AdvancePastRenewal(t1) // 44.00, and half of it
				before := owed(w, "c")
				w.AdvanceTo(t1.Add(15*24*time.Hour + 12*time.Hour)) // half of May
				w.Track("c", "seats", -1)
				w.Want("one of two", owed(w, "c")-before, int64(-300))
				w.Track("c", "seats", -1)
				w.Want("both", owed(w, "c")-before, int64(-600))
				w.NothingUnbilled("c")
			})
		}
	}
}

// Seats that wait for the next invoice are as good as paid, whenever they were taken.
func TestFreedSeatsOfTheNextCycle(t *testing.T) {
	t.Parallel()
	w := seatPlans(t)
	w.Product("next", "main", Price(15), Seats("seats", 1, 12, "prorate_next_cycle", "prorate_next_cycle"))
	w.CustomerWithCard("d")
	w.Track("d", "seats", 3)
	w.Attach("d", "next") // two of them: 24.00
	w.Advance("10d")
	w.Track("d", "seats", 4) // 48.00 for two thirds
	w.WaitIdle()
	w.Want("taken", owed(w, "d"), int64(1500+2400+3200))
	w.Advance("5d")
	w.Track("d", "seats", -3)
	w.Want("freed", owed(w, "d"), int64(1500+2400+3200-1800))
	w.Track("d", "seats", -3)
	w.Want("all freed", owed(w, "d"), int64(1500+2400+3200-3600))
}

// Taking and freeing seats again and again costs nothing and earns nothing.
func TestSeatsAreNoMoneyPump(t *testing.T) {
	t.Parallel()
	for _, increase := range []string{"prorate_immediately", "bill_immediately", "prorate_next_cycle", "bill_next_cycle"} {
		for _, coupon := range []string{"percent_off=50", "amount_off=700&currency=usd"} {
			t.Run(increase+" "+coupon, func(t *testing.T) {
				t.Parallel()
				w := seatPlans(t)
				w.Product("plan", "main", Price(10), Seats("seats", 1, 12, increase, "prorate_immediately"))
				w.CallStripe("POST", "/v1/coupons", "id=OFF&duration=forever&"+coupon)
				w.CustomerWithCard("d", "plan")
				w.Track("d", "seats", 1)
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=OFF")
				for range 3 {
					w.Track("d", "seats", 21)
					w.WaitIdle()
					w.Track("d", "seats", -21)
					w.WaitIdle()
				}
				w.AdvancePastRenewal(t1)
				if got, least := owed(w, "d"), int64(1000+300); got < least || got > least+1400 { // 10.00, and the renewal less the coupon; an amount counts in every credit
					t.Errorf("owed %d, want %d and little more", got, least)
				}
			})
		}
	}
}

// What was paid for a seat before its price rose is all that comes back for it, in
// each way.
func TestSeatsOfADearerVersionGiveBackWhatWasPaid(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(w *World)
		want int64
	}{
		"one freed":              {func(w *World) { w.Track("c", "seats", -1) }, -300},
		"both freed, one by one": {func(w *World) { w.Track("c", "seats", -1); w.WaitIdle(); w.Track("c", "seats", -1) }, -600},
		"an end":                 {func(w *World) { w.Cancel("c", "ver", JSON{"cancel_immediately": true, "prorate": true}) }, -1000 - 600},
		"a change":               {func(w *World) { w.Attach("c", "big") }, -1000 - 600 + 2500},
		"one freed, then an end": {func(w *World) {
			w.Track("c", "seats", -1)
			w.WaitIdle()
			w.Cancel("c", "ver", JSON{"cancel_immediately": true, "prorate": true})
		}, -1000 - 600},
		"one freed, then a change":   {func(w *World) { w.Track("c", "seats", -1); w.WaitIdle(); w.Attach("c", "big") }, -1000 - 600 + 2500},
		"one more, which costs more": {func(w *World) { w.Track("c", "seats", 1) }, 600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatPlans(t)
			w.Product("ver", "main", Price(20), Seats("seats", 1, 6, "prorate_immediately", "prorate_immediately"))
			w.Product("big", "main", Price(50), Seats("seats", 9, 6, "prorate_immediately", "prorate_immediately"))
			w.CustomerWithCard("d")
			w.Attach("c", "ver", JSON{"plan_schedule": "immediate"})
			w.Track("c", "seats", 3)
			w.Advance("15d")
			w.Post("/v1/products/ver", JSON{"items": []JSON{Price(20), Seats("seats", 1, 12, "prorate_immediately", "prorate_immediately")}})
			w.Attach("c", "ver")
			before := owed(w, "c")
			tt.do(w)
			w.Want("owed", owed(w, "c")-before, tt.want)
		})
	}
}

// Seats freed in a period are credited with the next one, whose plan is paid all the
// same.
func TestSeatsFreedBeforeARenewalArePayment(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		do   func(w *World)
		want int64
	}{
		"an end":   {func(w *World) { w.Cancel("c", "team", JSON{"cancel_immediately": true, "prorate": true}) }, -1000},
		"a change": {func(w *World) { w.Attach("c", "bigger") }, -1000 + 2500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatPlans(t)
			w.Product("bigger", "main", Price(50), Seats("seats", 9, 6, "prorate_immediately", "prorate_immediately"))
			w.Track("c", "seats", 3)
			w.Advance("15d")
			w.Track("c", "seats", -2)
			w.AdvancePastRenewal(t1)
			w.Billed("c", 2000, 2400, 800)
			w.AdvanceTo(t1.Add(15*24*time.Hour + 12*time.Hour))
			before := owed(w, "c")
			tt.do(w)
			w.Want("owed", owed(w, "c")-before, tt.want)
		})
	}
}

// A seat taken in the draft hour is credited by itself, and the draft's period is
// neither charged nor credited.
func TestASeatTakenInTheDraftHourBeforeAnEnd(t *testing.T) {
	t.Parallel()
	for _, prorate := range []bool{false, true} {
		w := seatPlans(t)
		w.Track("c", "seats", 2)
		w.AdvanceTo(t1.Add(30 * time.Minute))
		w.Track("c", "seats", 1)
		w.WaitIdle()
		w.Cancel("c", "team", JSON{"cancel_immediately": true, "prorate": prorate})
		w.Advance("3h")
		want := int64(2000 + 1200)
		if !prorate {
			want += 1200 // paid at once, and not credited
		}
		if got := owed(w, "c"); got < want-1 || got > want+1 {
			w.Errorf("prorate %v: owed %d, want %d", prorate, got, want)
		}
	}
}

// What was held goes on under the default, however late the end is heard of.
func TestSeatsAreHeldThroughAnEndThatIsHeardOfLate(t *testing.T) {
	t.Parallel()
	for _, track := range []int{0, -1} {
		w := seatPlans(t)
		w.Track("c", "seats", 3)
		w.Advance("5d")
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "")
		w.AdvanceWithoutEvents(T0.AddDate(0, 0, 7))
		if track != 0 {
			w.Track("c", "seats", track)
		}
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.WaitIdle()
		w.HasBalance("c", "seats", track != 0, float64(-track)) // the default has three
	}
}

// What waits for the next invoice is in the preview of a change that makes one.
func TestAPreviewKnowsTheCreditOfFreedSeats(t *testing.T) {
	t.Parallel()
	w := seatPlans(t)
	w.Product("bigger", "main", Price(50), Seats("seats", 9, 6, "prorate_immediately", "prorate_immediately"))
	w.Track("c", "seats", 3)
	w.Advance("15d")
	w.Track("c", "seats", -1)
	w.WaitIdle()
	shown := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "bigger"})
	w.Attach("c", "bigger")
	invoices := w.Invoices("c")
	w.Want("charged as shown", float64(invoices[len(invoices)-1].Total)/100, ValueAt(shown, "due_today.total"))
}

// Where staff exchange a product at Stripe, its seats go on as they are paid: each day
// is paid once, and what is freed comes back at what was paid.
func TestSeatsOfAProductThatStaffExchanged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		track []int
		want  int64
	}{"one more": {[]int{1}, 1500}, "one less": {[]int{-1}, -600}, "both freed, one by one": {[]int{-1, -1}, -1200}, "one less and one more": {[]int{-1, 1}, -600 + 1500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatPlans(t)
			w.CustomerWithCard("d", "less")
			w.Track("c", "seats", 3)
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			price := ValueAt(w.AtStripe("d"), "subscriptions.0.items.data.0.price.id")
			item := ValueAt(w.AtStripe("c"), "subscriptions.0.items.data.0.id")
			w.ChangeSubscription("c", JSON{"proration_behavior": "none", "items": []JSON{{"id": item, "price": price}}})
			w.WaitIdle()
			w.HasProducts("c", "less active")
			before := owed(w, "c")
			for _, n := range tt.track {
				w.Track("c", "seats", n)
				w.WaitIdle()
			}
			w.Want("owed", owed(w, "c")-before, tt.want)
			w.NothingUnbilled("c")
		})
	}
}
