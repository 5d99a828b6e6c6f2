package usage

import (
	"strconv"
	"testing"
	"time"

	. "windfall/tests/world"
)

// Seats that are freed, taken and freed again within one second give back their share
// of what was paid for those held at that moment. At Stripe all of it has one time.
// Half of 12 x 12.00 was paid, and half of the period is left.
func TestSeatsFreedAndTakenWithinASecond(t *testing.T) {
	t.Parallel()
	for name, moves := range map[string][][2]int64{ // seats, and what is owed then
		"freed, taken, freed": {{-6, -1800}, {6, 1800}, {-5, 1800 - 2250}},
		"twice around":        {{-6, -1800}, {6, 1800}, {-6, -900}, {6, 2700}, {-12, -3600}},
		"taken, freed, taken": {{4, 2400}, {-8, 2400 - 3000}, {8, 2400 - 3000 + 4800}, {-16, -3600}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := takenSeats(t)
			before := owed(w, "d")
			w.AdvanceTo(t1.Add(15*24*time.Hour + 12*time.Hour)) // half of May
			for _, m := range moves {
				w.Track("d", "seats", int(m[0]))
				w.WaitIdle()
				w.Want("owed after "+strconv.FormatInt(m[0], 10), owed(w, "d")-before, m[1])
			}
			w.NothingUnbilled("d")
		})
	}
}

// takenSeats is a world where d holds 12 seats that were renewed for half of their
// price.
func takenSeats(t *testing.T) *World {
	w := seatPlans(t)
	w.Product("plan", "main", Price(20), Seats("seats", 1, 12, "prorate_immediately", "prorate_immediately"))
	w.CustomerWithCard("d", "plan")
	w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=once")
	w.Track("d", "seats", 13)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=HALF")
	w.AdvancePastRenewal(t1)
	return w
}
