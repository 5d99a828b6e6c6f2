package usage

import (
	"testing"

	. "windfall/tests/world"
)

// Seats of the next cycle are taken, freed and taken again before the invoice of a
// change takes all three lines: those that are gone pay for no later ones.
func TestSeatsTakenAndFreedOnOneInvoice(t *testing.T) {
	t.Parallel()
	for name, moves := range map[string][]int{"+6 -6 +2": {6, -6, 2}, "+2 -2 +2": {2, -2, 2}, "+2": {2}, "+6 -4": {6, -4}} {
		t.Run(name, func(t *testing.T) {
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Feature("messages", "single_use")
			w.Product("plan", "main", Price(20), Seats("seats", 0, 12, "prorate_next_cycle", "prorate_next_cycle"), Prepaid("messages", 10, 100, "month"))
			w.CustomerWithCard("d")
			w.Attach("d", "plan", Quantity("messages", 100))
			w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			for _, n := range moves {
				w.Track("d", "seats", n)
				w.WaitIdle()
				w.Advance("1m")
			}
			w.Attach("d", "plan", Quantity("messages", 200)) // an invoice that takes what waits
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=HALF")
			was := owed(w, "d")
			w.Track("d", "seats", 10) // 30.00, at half price
			w.WaitIdle()
			w.Track("d", "seats", -12) // 12.00 + 30.00 were paid for them
			got := owed(w, "d") - was
			if want := int64(-1200); got < want-5 || got > want+5 {
				t.Errorf("net of the moves: %d, want %d", got, want)
			}
			w.AdvancePastRenewal(t1)
			w.NothingUnbilled("d")
		})
	}
}
