package usage

import (
	"testing"

	. "windfall/tests/world"
)

// A plan change under a discount, and another one once it is off, leave the money of the
// seats alone: 84.00 were paid for 20 of them.
func TestAPlanChangeLeavesTheMoneyOfSeats(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("pa", "main", Price(20), Seats("seats", 0, 12, "prorate_immediately", "prorate_immediately"))
	w.Product("pb", "main", Price(20), Seats("seats", 0, 6, "prorate_immediately", "prorate_immediately"))
	w.CallStripe("POST", "/v1/coupons", "id=OFF&duration=forever&percent_off=80")
	w.CustomerWithCard("d", "pa")
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=OFF")
	w.AdvanceTo(T0.AddDate(0, 0, 9))
	w.Attach("d", "pb", JSON{"plan_schedule": "immediate"})
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("d")+"/discount", "")
	w.Track("d", "seats", 20) // at 6.00 for 21 of 30 days: 84.00, in full
	w.WaitIdle()
	was := owed(w, "d")
	w.Attach("d", "pa", JSON{"plan_schedule": "immediate"})
	w.Want("of the change", owed(w, "d")-was, int64(8400)) // 168.00 - 84.00
	was = owed(w, "d")
	w.Track("d", "seats", -20)
	w.Want("freed", owed(w, "d")-was, int64(-16800))
}

// The same where a plan is given other items for one customer.
func TestSeatsFreedUnderItemsOfOnesOwn(t *testing.T) {
	t.Parallel()
	w, _, move := versions(t, 12)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=HALF")
	w.Want("taken at half", move(8), int64(2400))
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("d")+"/discount", "")
	own := func(p float64) {
		w.Attach("d", "ver", JSON{"is_custom": true, "items": []JSON{Price(20), Seats("seats", 0, p, "prorate_immediately", "prorate_immediately")}})
	}
	own(13)
	w.Want("freed 4", move(-4), int64(-1200))
	own(12)
	w.Want("freed 4 more", move(-4), int64(-1200))
}

// And at a change of plan.
func TestSeatsFreedUnderAVersionThatIsGoneThenAChange(t *testing.T) {
	t.Parallel()
	w, next, move := versions(t, 6)
	w.Product("big", "main", Price(20), Seats("seats", 100, 6, "prorate_immediately", "prorate_immediately"))
	move(8)
	next(12)
	move(-4)
	next(24)
	was := owed(w, "d")
	shown := w.Post("/v1/attach/preview", JSON{"customer_id": "d", "product_id": "big", "plan_schedule": "immediate"})
	waits := int64(-1200)
	w.Attach("d", "big", JSON{"plan_schedule": "immediate"})
	w.Want("a change", owed(w, "d")-was, int64(-1200))
	t.Log(ValueAt(shown, "due_today.total"), waits)
}
