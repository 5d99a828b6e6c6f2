package usage

import (
	"fmt"
	"testing"
	"time"

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

// Seats that were freed and stay paid to the end of the period are the customer's also
// after a version was taken over without a charge: taken again they cost nothing, an end
// credits them, and a change does.
func TestFreedSeatsStayPaidInTheNextVersion(t *testing.T) {
	for _, freed := range []string{"for nothing", "in the draft hour"} {
		for _, seats := range []int{1, 2} {
			for then, do := range map[string]func(w *World){
				"taken again":   func(w *World) { w.Track("c", "seats", seats); w.Advance("2h") },
				"with a credit": func(w *World) { w.Cancel("c", "team", Immediately(), JSON{"prorate": true}) },
				"changed":       func(w *World) { w.Attach("c", "big") },
			} {
				t.Run(fmt.Sprintf("%d freed %s, %s", seats, freed, then), func(t *testing.T) {
					t.Parallel()
					net := func(takeover bool) (sum int64) {
						w := New(t)
						w.Feature("seats", "continuous_use")
						w.Feature("export", "boolean")
						down := map[string]string{"for nothing": "none"}[freed]
						items := []JSON{Price(60), Seats("seats", 1, 20, "prorate_immediately", down)}
						w.Product("team", "main", items...)
						w.Product("big", "main", Price(160), Seats("seats", 1, 20, "prorate_immediately", down))
						w.CustomerWithEmailAndCard("c")
						w.Attach("c", "team")
						w.Track("c", "seats", 3)
						at := T0
						if freed == "in the draft hour" {
							at = T1
							w.AdvanceTo(T1.Add(10 * time.Minute))
						}
						w.Track("c", "seats", -seats)
						w.AdvanceTo(at.AddDate(0, 0, 1))
						if takeover {
							w.Post("/v1/products/team", JSON{"items": append(items, BooleanFeature("export"))})
							w.Attach("c", "team")
						}
						do(w)
						w.WaitIdle()
						for _, in := range w.Invoices("c") {
							sum += in.Total
						}
						return sum
					}
					if without, with := net(false), net(true); with != without {
						t.Errorf("%d are paid with the next version, and %d without", with, without)
					}
				})
			}
		}
	}
}

// The seats of a plan that waits for its day are paid from that day on: a plan of a year
// that is left for one of a month, wherever in the year that is asked for.
func TestSeatsOfAPlanThatBeginsWithTheNextPeriod(t *testing.T) {
	for _, interval := range []string{"month", "year"} {
		for renewals := range 3 {
			for _, after := range []time.Duration{0, 50 * time.Minute, 2 * time.Hour, 20 * 24 * time.Hour} {
				t.Run(fmt.Sprint(interval, ", ", renewals, " renewals, asked for ", after, " later"), func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.Feature("seats", "continuous_use")
					before := Seats("seats", 1, 90, "", "")
					before["interval"] = interval
					w.Product("before", "main", JSON{"price": 500, "interval": interval}, before)
					w.Product("after", "main", Price(35), Seats("seats", 1, 7, "", ""))
					w.CustomerWithEmailAndCard("c")
					w.Attach("c", "before")
					w.Track("c", "seats", 2)
					end := func(n int) time.Time {
						if interval == "year" {
							return T0.AddDate(n, 0, 0)
						}
						return T0.AddDate(0, n, 0)
					}
					w.AdvanceTo(end(renewals).Add(after))
					w.Attach("c", "after", JSON{"plan_schedule": "end_of_cycle"})
					w.AdvancePastRenewal(end(renewals + 1))
					w.AdvancePastRenewal(end(renewals+1).AddDate(0, 1, 0))
					in := w.Invoices("c")
					w.Want("the last two", []int64{in[len(in)-2].Total, in[len(in)-1].Total}, []int64{4200, 4200})
				})
			}
		}
	}
}
