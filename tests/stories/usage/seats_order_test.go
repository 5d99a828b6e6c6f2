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

// Seats are taken at 80 % off, and the plan is changed there and back within the same
// second: an end gives back what was paid, at once and later.
func TestSeatsAndChangesWithinASecond(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		plans []string
		days  int
		want  int64 // of 4.00 for the plan and 2.40 for two seats at half: 2.00 + 2.40, and a third of it ten days later
	}{
		"no change":             {nil, 0, 440},
		"there and back":        {[]string{"dear", "cheap"}, 0, 440},
		"an end ten days later": {[]string{"dear", "cheap"}, 10, 147},
		"twice":                 {[]string{"dear", "cheap", "dear", "cheap"}, 0, 440},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("cheap", "main", Price(20), Seats("seats", 0, 12, "prorate_immediately", "prorate_immediately"))
			w.Product("dear", "main", Price(60), Seats("seats", 0, 3, "prorate_immediately", "prorate_immediately"))
			w.CustomerWithCard("c")
			w.CallStripe("POST", "/v1/coupons", "id=OFF&duration=forever&percent_off=80")
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=OFF")
			w.Attach("c", "cheap")
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			w.Track("c", "seats", 2)
			w.WaitIdle()
			for _, id := range tt.plans {
				w.Attach("c", id, JSON{"plan_schedule": "immediate"})
			}
			w.AdvanceTo(T0.AddDate(0, 0, 15+tt.days))
			before := owed(w, "c")
			w.Cancel("c", "cheap", JSON{"cancel_immediately": true, "prorate": true})
			w.Want("credited", before-owed(w, "c"), tt.want)
		})
	}
}

// A seat that is charged for the whole period in the middle of it pays for half a
// period: what it gives back is its share of that, and what it does not give back
// pays for no other seat.
func TestWholePeriodsGiveBackTheirShare(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{false, true} {
		w := seatPlans(t)
		w.Product("plan", "main", Price(20), Seats("seats", 0, 12, "bill_immediately", "prorate_immediately"))
		w.CustomerWithCard("d", "plan")
		w.AdvanceTo(T0.AddDate(0, 0, 15)) // half of April is left
		if first {
			before := owed(w, "d")
			w.Track("d", "seats", 8) // 96.00
			w.WaitIdle()
			w.Track("d", "seats", -8) // 48.00 back
			w.WaitIdle()
			w.Want("of eight", owed(w, "d")-before, int64(4800))
		}
		w.CallStripe("POST", "/v1/coupons", "id=OFF&percent_off=75&duration=forever")
		w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=OFF")
		before := owed(w, "d")
		w.Track("d", "seats", 4) // 48.00 less 36.00
		w.WaitIdle()
		w.Want("charged", owed(w, "d")-before, int64(1200))
		w.Track("d", "seats", -4)
		w.Want("and half of it is back", owed(w, "d")-before, int64(600))
	}
}
