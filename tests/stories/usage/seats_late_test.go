package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// seatsWithin sells a product billed every so often with seats at 31.00 a month, and gives
// a customer one seat of it.
func seatsWithin(t *testing.T, interval string) *World {
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("p", "main", Every(interval, Price(100)), Seats("seats", 0, 31, "prorate_immediately", "none"))
	w.CustomerWithCard("c", "p")
	w.Track("c", "seats", 1)
	return w
}

// withoutSchedule moves the clock while no schedule runs, and lets it run once then
// and from then on.
func withoutSchedule(w *World, until time.Time, meanwhile func()) {
	w.Helper()
	if err := w.Stack.Sim.AdvanceTo(w.Context(), until); err != nil {
		w.Fatal(err)
	}
	w.WaitIdle()
	if meanwhile != nil {
		meanwhile()
	}
	w.WaitIdle()
	if err := w.Stack.Due(w.Context(), w.Stack.Sim.Now()); err != nil {
		w.Fatal(err)
	}
	w.WaitIdle()
	w.Advance("2h")
}

// Each month has the seats that were held when it began, however late the schedule
// comes, and whatever has changed their number since.
func TestINT23ALateScheduleBillsEachMonthItsSeats(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"year", "semi_annual"} {
		t.Run("more, "+interval, func(t *testing.T) {
			t.Parallel()
			w := seatsWithin(t, interval)
			w.AdvanceTo(T1.AddDate(0, 0, 1))
			w.Billed("c", 10000, 3100, 3100)
			withoutSchedule(w, time.Date(2027, 8, 15, 0, 0, 0, 0, time.UTC), func() { w.Track("c", "seats", 9) })
			w.Billed("c", 10000, 3100, 3100, 15300, 3100, 3100, 3100) // nine seats for 17 of 31 days; June to August
			w.AdvanceTo(time.Date(2027, 9, 1, 2, 0, 0, 0, time.UTC))
			w.Billed("c", 10000, 3100, 3100, 15300, 3100, 3100, 3100, 31000)
		})
	}
	for name, tt := range map[string]struct {
		change func(*World)
		june   []int64
	}{
		"fewer": {func(w *World) { w.Track("c", "seats", -2) }, []int64{3100}},
		"set by hand": {func(w *World) {
			w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "seats", "balance": 0}}})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatsWithin(t, "quarter")
			w.Track("c", "seats", 2)
			withoutSchedule(w, T1.AddDate(0, 0, 9), func() { tt.change(w) })
			w.Billed("c", 10000, 3100, 6200, 9300) // three seats in May
			w.AdvanceTo(T2.Add(2 * time.Hour))
			w.Billed("c", append([]int64{10000, 3100, 6200, 9300}, tt.june...)...)
		})
	}
	t.Run("taken in between", func(t *testing.T) {
		t.Parallel()
		w := seatsWithin(t, "quarter")
		withoutSchedule(w, T1.AddDate(0, 0, 10), func() {
			w.Track("c", "seats", 1) // 21 of 31 days of May
			w.WaitIdle()
			if err := w.Stack.Sim.AdvanceTo(w.Context(), T2.AddDate(0, 0, 15)); err != nil {
				t.Fatal(err)
			}
			w.Track("c", "seats", 1) // half of June
		})
		w.Billed("c", 10000, 3100, 2100, 1550, 3100, 6200)
	})
}

// The months of a subscription that has ended meanwhile are billed with its last bill:
// at its end, at once, with the customer, and at Stripe.
func TestINT24ALateScheduleBillsTheMonthsOfAnEnd(t *testing.T) {
	t.Parallel()
	t.Run("at its end", func(t *testing.T) {
		t.Parallel()
		w := seatsWithin(t, "quarter")
		w.Cancel("c", "p")
		withoutSchedule(w, T3.Add(time.Hour), nil)
		w.Advance("1d")
		w.Billed("c", 10000, 3100, 3100, 3100)
		w.HasProducts("c")
	})
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		w := seatsWithin(t, "year")
		withoutSchedule(w, T2.AddDate(0, 0, 1), func() { w.Cancel("c", "p", Immediately()) })
		w.Advance("1d")
		w.Billed("c", 10000, 3100, 3100, 3100)
		w.AdvanceTo(T4)
		w.Billed("c", 10000, 3100, 3100, 3100)
	})
	t.Run("with the customer", func(t *testing.T) {
		t.Parallel()
		w := seatsWithin(t, "year")
		id := w.StripeID("c")
		withoutSchedule(w, T2.AddDate(0, 0, 1), func() {
			w.Track("c", "seats", -1)
			w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
		})
		w.Advance("1d")
		sum := 0.0
		for _, in := range w.CallStripe("GET", "/v1/invoices?customer="+id, "")["data"].([]any) {
			sum += ValueAt(in, "total").(float64)
		}
		w.Want("April to June and the year", sum, 19300)
	})
	t.Run("at Stripe, heard of late", func(t *testing.T) {
		t.Parallel()
		w := seatsWithin(t, "year")
		sub := w.Invoices("c")[0].Subscription
		if err := w.Stack.Sim.AdvanceTo(w.Context(), T1.AddDate(0, 0, 9)); err != nil {
			t.Fatal(err)
		}
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.CallStripe("DELETE", "/v1/subscriptions/"+sub, "")
		withoutSchedule(w, T3.AddDate(0, 0, 9), func() { // seats taken after the end are nobody's
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
		})
		w.Advance("1d")
		w.Billed("c", 10000, 3100, 3100) // May, and neither June nor July
	})
}

// The day on which seats begin needs no event of Stripe's: a downgrade that begins, and
// the end of a trial.
func TestINT25SeatsBeginUnheard(t *testing.T) {
	t.Parallel()
	for name, hours := range map[string]int{"in time": 0, "the draft has passed": 2, "the schedule was first": 8} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := seatsWithin(t, "quarter")
			w.Product("small", "main", Every("quarter", Price(50)), Seats("seats", 0, 31, "prorate_immediately", "none"))
			w.Attach("c", "small")
			w.AdvanceTo(T3.Add(-time.Hour))
			w.Billed("c", 10000, 3100, 3100, 3100)
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			w.AdvanceTo(T3.Add(time.Duration(hours) * time.Hour))
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.AdvanceTo(T3.AddDate(0, 0, 2))
			want := []int64{10000, 3100, 3100, 3100, 5000, 3100}
			if hours == 0 {
				want = []int64{10000, 3100, 3100, 3100, 8100}
			}
			w.Billed("c", want...)
			w.Track("c", "seats", 1)
			w.Cancel("c", "small")
			w.AdvanceTo(T3.AddDate(0, 3, 2))
			w.Billed("c", append(want, 2900, 6200, 6200)...)
		})
		t.Run("a trial, "+name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("y", "main", Every("year", Price(100)), Seats("seats", 0, 31, "prorate_immediately", "none")).Trial(14)
			w.CustomerWithCard("c", "y")
			day := T0.AddDate(0, 0, 14)
			w.Track("c", "seats", 1)
			w.AdvanceTo(day.Add(-time.Hour))
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			w.AdvanceTo(day.Add(time.Duration(hours) * time.Hour))
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.AdvanceTo(day.AddDate(0, 1, 1))
			want := []int64{0, 10000, 3100, 3100}
			if hours == 0 {
				want = []int64{0, 13100, 3100}
			}
			w.Billed("c", want...)
			w.Cancel("c", "y", Immediately())
			w.AdvanceTo(day.AddDate(0, 4, 0))
			w.Billed("c", want...)
		})
	}
}
