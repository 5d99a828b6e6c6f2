package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// Seats in use stay in use when a plan is exchanged or ends at the end of the
// period, and are billed under the new one.
func TestSeatsAreHeldThroughAScheduledChange(t *testing.T) {
	t.Parallel()
	for product, want := range map[string]struct {
		renewal int64
		left    float64
	}{"less": {1000 + 2*1500, -2}, "flat": {1000, 1}, "free": {0, 0}} {
		for _, when := range []time.Time{T0.AddDate(0, 0, 9), t1.Add(-time.Second), t1.Add(30 * time.Minute)} {
			t.Run(product+" "+when.Format(time.RFC3339), func(t *testing.T) {
				t.Parallel()
				w := seatPlans(t)
				w.Track("c", "seats", 3)
				w.AdvanceTo(when)
				at, turns := t1, []int64{2000, 2400}
				if when.After(t1) {
					at, turns = T2, []int64{2000, 2400, 4400}
				}
				if product == "free" {
					w.Cancel("c", "team")
				} else {
					w.Attach("c", product)
				}
				for n := range 3 {
					w.AdvancePastRenewal(at.AddDate(0, n, 0))
					if want.renewal > 0 {
						turns = append(turns, want.renewal)
					}
					w.Billed("c", turns...)
					w.HasBalance("c", "seats", want.left > 0 || product == "less", want.left) // less is sold by the seat
				}
				w.NothingUnbilled("c")
			})
		}
	}
}

// What is held beyond the allowance of a plan without seat prices is cut to it, as
// at an upgrade, and never comes back by itself.
func TestHeldUnitsNeverComeBackByThemselves(t *testing.T) {
	t.Parallel()
	w := seatPlans(t)
	w.Track("c", "seats", 6)
	w.Attach("c", "flat")
	w.AdvancePastRenewal(t1)
	w.HasBalance("c", "seats", false, 0)
	w.Track("c", "seats", -1)
	w.HasBalance("c", "seats", true, 1)
	w.Attach("c", "team") // at once: an upgrade
	w.HasBalance("c", "seats", true, -2)
}

// Each day of a seat is paid once, whatever staff does to the period at Stripe.
func TestSeatsOfAPeriodThatStaffCutShort(t *testing.T) {
	t.Parallel()
	for name, staff := range map[string]struct {
		at      int // day of staff's change
		change  JSON
		renewal time.Time
		want    []int64
	}{
		// 2 seats are paid to day 30 for 24.00; on day 15 half of that is left.
		"a trial": {10, JSON{"trial_end": T0.AddDate(0, 0, 15).Unix(), "proration_behavior": "none"}, T0.AddDate(0, 0, 15), []int64{2000, 2400, 0, 2000 + 2400 - 1200}},
		// It ends long after what was paid: those days are free.
		"a long trial": {10, JSON{"trial_end": T0.AddDate(0, 0, 40).Unix(), "proration_behavior": "none"}, T0.AddDate(0, 0, 40), []int64{2000, 2400, 0, 2000 + 2400}},
		// Ended by staff on the day, whose invoice Stripe issues at once: the seats come with the next.
		"a trial that staff ends": {10, JSON{"trial_end": T0.AddDate(0, 0, 15).Unix(), "proration_behavior": "none"}, T0.AddDate(0, 1, 12), []int64{2000, 2400, 0, 2000, 2000 + 2400 - 1440 + 2400}},
		// The new period costs 24.00 less what is left of 2 days of 30, with its renewal.
		"a new period": {28, JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"}, T0.AddDate(0, 1, 28), []int64{2000, 2400, 2000, 2000 + 2400 - 160 + 2400}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatPlans(t)
			w.Track("c", "seats", 3)
			w.AdvanceTo(T0.AddDate(0, 0, staff.at))
			w.ChangeSubscription("c", staff.change)
			w.Redeliver("customer.subscription.updated")
			if name == "a trial that staff ends" {
				w.AdvanceTo(T0.AddDate(0, 0, 12))
				w.ChangeSubscription("c", JSON{"trial_end": "now", "proration_behavior": "none"})
			}
			w.AdvancePastRenewal(staff.renewal)
			w.Billed("c", staff.want...)
			w.Redeliver("invoice.created", "customer.subscription.updated")
			w.AdvancePastRenewal(staff.renewal.AddDate(0, 1, 0))
			w.Billed("c", append(staff.want, 4400)...)
			w.NothingUnbilled("c")
		})
	}
}

// Seats freed in such a period are credited for no day that nobody paid.
func TestSeatsFreedInAPeriodThatStaffBegan(t *testing.T) {
	t.Parallel()
	w := seatPlans(t)
	w.Track("c", "seats", 3)
	w.AdvanceTo(T0.AddDate(0, 0, 28))
	w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.AdvanceTo(T0.AddDate(0, 0, 29))
	w.Track("c", "seats", -2)
	w.AdvancePastRenewal(T0.AddDate(0, 1, 28))
	// 24.00 for 28 days and 2 more; a period less 1.60 that were paid; 29 of 30 days back.
	w.Billed("c", 2000, 2400, 2000, 2000+2400-160-2320)
	w.NothingUnbilled("c")
}

// An end with a credit credits seats, too, as far as they were paid.
func TestCancelWithACreditGivesSeatsBack(t *testing.T) {
	t.Parallel()
	w := seatPlans(t)
	w.Track("c", "seats", 3)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Cancel("c", "team", Immediately(), JSON{"prorate": true})
	w.Want("balance at Stripe", ValueAt(w.AtStripe("c"), "customer.balance"), -1000.0-1200)
	w.NothingUnbilled("c")
	w.NothingWaits(w.StripeID("c"))
}

// seatPlans is a customer on team: 20.00, one seat in it and 12.00 for another.
func seatPlans(t *testing.T) *World {
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("team", "main", Price(20), Seats("seats", 1, 12, "bill_immediately", "prorate"))
	w.Product("less", "main", Price(10), Seats("seats", 1, 15, "bill_immediately", "prorate"))
	w.Product("flat", "main", Price(10), Lifetime("seats", 4))
	w.Post("/v1/products", JSON{"id": "free", "name": "free", "group": "main", "is_default": true, "items": []JSON{Lifetime("seats", 3)}})
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "team")
	return w
}
