package usage

import (
	"testing"

	. "windfall/tests/world"
)

// versions sells a plan with seats of a price; next makes and takes over a version with
// another one, and move takes seats or frees them and returns what that costs.
func versions(t *testing.T, price float64) (w *World, next func(float64), move func(int) int64) {
	w = New(t)
	w.Feature("seats", "continuous_use")
	items := func(p float64) []JSON {
		return []JSON{Price(20), Seats("seats", 0, p, "prorate_immediately", "prorate_immediately")}
	}
	w.Product("ver", "main", items(price)...)
	w.CustomerWithCard("d", "ver")
	w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
	w.AdvanceTo(T0.AddDate(0, 0, 15)) // half of April is left
	next = func(p float64) {
		w.Post("/v1/products/ver", JSON{"items": items(p)})
		w.Attach("d", "ver")
	}
	move = func(n int) int64 {
		was := owed(w, "d")
		w.Track("d", "seats", n)
		return owed(w, "d") - was
	}
	return w, next, move
}

// What was freed under a version that nobody was charged for comes back once, also when
// another version is taken over.
func TestSeatsFreedUnderAVersionThatIsGone(t *testing.T) {
	t.Parallel()
	w, next, move := versions(t, 6)
	w.Want("taken", move(8), int64(2400)) // 8 x 6.00 x half
	next(12)
	w.Want("freed 4 under version 2", move(-4), int64(-1200))
	next(24)
	w.Want("freed 4 under version 3", move(-4), int64(-1200)) // -2400: all is back, and 12.00 more
}

// The same with an end in place of the second step.
func TestSeatsFreedUnderAVersionThatIsGoneThenAnEnd(t *testing.T) {
	t.Parallel()
	w, next, move := versions(t, 6)
	move(8)
	next(12)
	move(-7) // 21.00 back, 3.00 left
	next(48)
	was := owed(w, "d")
	w.Cancel("d", "ver", JSON{"cancel_immediately": true, "prorate": true})
	w.Want("an end", owed(w, "d")-was, int64(-1000-300))
}

// One price all along, taken at a discount that is over.
func TestSeatsFreedUnderAVersionThatIsGoneAtADiscount(t *testing.T) {
	t.Parallel()
	w, next, move := versions(t, 12)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=HALF")
	w.Want("taken at half", move(8), int64(2400))
	w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("d")+"/discount", "")
	next(12.12)
	w.Want("freed 4 under version 2", move(-4), int64(-1200))
	next(12)
	w.Want("freed 4 under version 3", move(-4), int64(-1200))
}

// Seats of two versions: those of the old price and one of the new come back together.
func TestSeatsOfTwoVersionsComeBackWhole(t *testing.T) {
	t.Parallel()
	for _, price := range []float64{12, 6.06} {
		for _, moves := range [][]int{{-3}, {-1, -1, -1}} {
			w, next, move := versions(t, 6)
			w.Want("taken", move(2), int64(600))
			next(price)
			cost := move(1)
			back := int64(0)
			for _, n := range moves {
				back -= move(n)
			}
			if want := 600 + cost; back < want-2 || back > want+2 {
				t.Errorf("price %v, %v: %d came back of %d", price, moves, back, want)
			}
			w.NothingUnbilled("d")
		}
	}
}

// A seat for nothing takes nothing of it.
func TestASeatForNothingAmongThoseOfTheVersionBefore(t *testing.T) {
	t.Parallel()
	w, next, move := versions(t, 6)
	w.CallStripe("POST", "/v1/coupons", "id=ALL&percent_off=100&duration=forever")
	w.Want("taken", move(8), int64(2400))
	next(6.06)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=ALL")
	w.Want("one for nothing", move(1), int64(0))
	w.Want("all freed", move(-9), int64(-2400))
}
