package usage

import (
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// The overage of the month so far is part of the charge for the year, and nothing of it
// is left for the year's first month.
func TestINT05MonthToYearSettlesTheOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.Product("month", "main", Price(20), Overage("messages", 100, 0.1, 1))
	w.CustomerWithCard("c", "month")
	w.Track("c", "messages", 130)
	w.Advance("15d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "year"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 93) // 100 − 10 + 30 × 0.10
	w.Attach("c", "year")
	w.Billed("c", 2000, 9300)
	w.HasBalance("c", "messages", true, 1000)
	from := T0.AddDate(0, 0, 15)
	w.Track("c", "messages", 1010)
	w.AdvanceTo(from.AddDate(0, 1, 0))
	w.Billed("c", 2000, 9300, 10)
	w.AdvanceTo(from.AddDate(1, 0, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 9300, 10, 10000)
}

// Another product of the same year: what was used of the month is billed with the
// change, the months keep their days, and so does the year.
func TestINT06AChangeWithinAMonthSettlesIt(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.Product("year2", "main", Every("year", Price(465)), Overage("messages", 5000, 0.02, 1))
	w.CustomerWithCard("c", "year")
	w.AdvanceTo(T1)
	w.Track("c", "messages", 1500)
	w.Advance("1 month") // T2 = 1 June: 305 of 366 days are left
	w.Billed("c", 10000, 500)
	w.Track("c", "messages", 1200)
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "year2"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 306.17) // 305 of 366 days: 387.50 − 83.33, and 2.00
	w.Attach("c", "year2")
	w.Billed("c", 10000, 500, 30617)
	w.Want("reset", w.Check("c", "messages")["next_reset_at"], T3.UnixMilli())
	w.Track("c", "messages", 5100)
	w.AdvanceTo(T3)
	w.Billed("c", 10000, 500, 30617, 200)
	w.AdvanceTo(T0.AddDate(1, 0, 0).Add(2 * time.Hour))
	w.Billed("c", 10000, 500, 30617, 200, 46500)
}

// A year that was cancelled bills each of its months, and the last one at its end. One
// that is cancelled at once bills what was used until then.
func TestINT07ACancelledYearBillsEachMonthToItsEnd(t *testing.T) {
	t.Parallel()
	year := T0.AddDate(1, 0, 0)
	t.Run("at its end", func(t *testing.T) {
		t.Parallel()
		w := New(t)
		theYear(w)
		w.CustomerWithCard("c", "year")
		w.Cancel("c", "year")
		w.Track("c", "messages", 1100)
		w.AdvanceTo(T1)
		w.Billed("c", 10000, 100)
		w.AdvanceTo(year.AddDate(0, 0, -1))
		w.Track("c", "messages", 1300)
		w.AdvanceTo(year.Add(2 * time.Hour))
		w.Billed("c", 10000, 100, 300)
		w.HasProducts("c")
		w.AdvanceTo(year.AddDate(0, 3, 0))
		w.Billed("c", 10000, 100, 300)
	})
	t.Run("at once", func(t *testing.T) {
		t.Parallel()
		w := New(t)
		theYear(w)
		w.CustomerWithCard("c", "year")
		w.Track("c", "messages", 1100)
		w.AdvanceTo(T1.AddDate(0, 0, 5))
		w.Track("c", "messages", 1250)
		w.Cancel("c", "year", Immediately())
		w.Advance("2h")
		w.Billed("c", 10000, 100, 250)
		w.AdvanceTo(T4)
		w.Billed("c", 10000, 100, 250)
	})
}

// A downgrade waits for the year's end: the last month goes onto the invoice with which
// the next product begins.
func TestINT07ADowngradeAtTheEndOfTheYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.Product("month", "main", Price(5), Overage("messages", 100, 0.1, 1))
	w.CustomerWithCard("c", "year")
	year := T0.AddDate(1, 0, 0)
	w.AdvanceTo(year.AddDate(0, 0, -40))
	w.Attach("c", "month")
	w.Track("c", "messages", 1100)
	w.AdvanceTo(year.AddDate(0, 0, -3))
	w.Billed("c", 10000, 100)
	w.Track("c", "messages", 1300)
	w.AdvanceTo(year.Add(2 * time.Hour))
	w.HasProducts("c", "month active")
	w.Billed("c", 10000, 100, 800) // 5.00 and 3.00
	w.Track("c", "messages", 110)
	w.AdvanceTo(year.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 10000, 100, 800, 600)
}

// What is used beyond the allowance in a trial is free. Its end is the first day of the year
// and of its first month.
func TestINT08ATrialBeforeTheYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("year", "main", Every("year", Price(100)), Overage("messages", 1000, 0.01, 1)).Trial(45)
	w.CustomerWithCard("c", "year")
	w.Track("c", "messages", 5000)
	begins := T0.AddDate(0, 0, 45)
	w.AdvanceTo(begins.Add(2 * time.Hour))
	w.Billed("c", 0, 10000)
	w.HasBalance("c", "messages", true, 1000)
	w.Track("c", "messages", 1400)
	w.AdvanceTo(begins.AddDate(0, 1, 0))
	w.Billed("c", 0, 10000, 400)
}

// Seats of each month are paid when it begins: those in use then.
func TestINT09SeatsOfEachMonthOfAYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", Every("year", Price(100)), Seats("seats", 1, 12, "prorate_immediately", "none"))
	w.CustomerWithCard("c", "year")
	w.Track("c", "seats", 3) // two are paid for all of April
	w.Billed("c", 10000, 2400)
	w.Advance("15d")
	w.Track("c", "seats", 1) // half of April is left
	w.Billed("c", 10000, 2400, 600)
	w.AdvanceTo(T1)
	w.Billed("c", 10000, 2400, 600, 3600)
	w.Track("c", "seats", -2) // freed seats stay paid until May is over
	w.AdvanceTo(T2)
	w.Billed("c", 10000, 2400, 600, 3600, 1200)
	w.AdvanceTo(T0.AddDate(1, 0, 0).Add(2 * time.Hour))
	want := []int64{10000, 2400, 600, 3600, 1200}
	for range 9 {
		want = append(want, 1200) // July to March
	}
	w.Billed("c", append(want, 11200)...)
}

// What waits for the next invoice of a subscription would wait for a year.
func TestINT09SeatsOfAMonthWaitForNoYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	for _, rules := range [][2]string{{"prorate_next_cycle", "none"}, {"bill_next_cycle", "none"}, {"prorate_immediately", "prorate_immediately"}, {"bill_immediately", "prorate_next_cycle"}, {"", "prorate"}} {
		w.Refused(400, "invalid_inputs", "/v1/products", JSON{"id": "p", "name": "p", "items": []JSON{Every("year", Price(100)), Seats("seats", 1, 12, rules[0], rules[1])}})
	}
	w.Post("/v1/products", JSON{"id": "p", "name": "p", "items": []JSON{Every("year", Price(100)), Seats("seats", 1, 12, "", "")}})
	w.Want("none is said", ValueAt(w.Get("/v1/products/p"), "items.1.config.on_decrease"), "none")
}

// The months of a quarter that began on the 31st end on the last day of shorter months,
// and on the 31st again: the day of the allowance is the day of its bill.
func TestINT10MonthsOfAQuarterOnThe31st(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, day int) time.Time { return time.Date(2027, month, day, 0, 0, 0, 0, time.UTC) }
	w := With(t, stack.Options{Clock: day(1, 31)})
	w.Feature("messages", "single_use")
	w.Product("quarter", "main", Every("quarter", Price(30)), Overage("messages", 100, 0.1, 1))
	w.CustomerWithCard("c", "quarter")
	want := []int64{3000}
	for n, turn := range []time.Time{day(2, 28), day(3, 31), day(4, 30), day(5, 31), day(6, 30), day(7, 31)} {
		w.Want("reset", w.Check("c", "messages")["next_reset_at"], turn.UnixMilli())
		w.Track("c", "messages", 110+n)
		w.AdvanceTo(turn.Add(-time.Second))
		w.Billed("c", want...)
		w.AdvanceTo(turn.Add(2 * time.Hour))
		total := int64(100 + 10*n)
		if n%3 == 2 {
			total += 3000 // with the renewal
		}
		want = append(want, total)
		w.Billed("c", want...)
		w.HasBalance("c", "messages", true, 100)
	}
}

// A year that is past due is still billed for the use of its months, as its use would be
// with a renewal. An invoice of its own that is not paid leaves the year as it is.
func TestINT18APastDueYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.PutFailingCard("c")
	w.Track("c", "messages", 1500)
	w.AdvanceTo(T1)
	w.Advance("2h")
	w.Billed("c", 10000, 500)
	w.Want("its status", w.Invoices("c")[1].Status, "open")
	w.HasProducts("c", "year active")
	year := T0.AddDate(1, 0, 0)
	w.AdvanceTo(year.AddDate(0, 0, -1))
	w.Track("c", "messages", 1200)
	w.AdvanceTo(year.Add(2 * time.Hour))
	w.Billed("c", 10000, 500, 10200)
	w.HasProducts("c", "year past_due")
	w.PutGoodCard("c")
	w.AdvanceTo(year.AddDate(0, 1, 0))
	w.HasProducts("c", "year active")
}

// Another version, or items of one's own, without a charge for the year: what is sold at
// the same price goes on, and is billed with the month; the rest is billed at once.
func TestINT06AnotherVersionOfTheYear(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		price       float64
		more        JSON
		today, then []int64
		left        int
	}{
		"the same price of use":      {0.01, JSON{}, nil, []int64{500}, -200},
		"another price of use":       {0.02, JSON{}, []int64{200}, []int64{600}, 0},
		"another one, by own items":  {0.02, JSON{"is_custom": true}, []int64{200}, []int64{600}, 0},
		"the same one, by own items": {0.01, JSON{"is_custom": true}, nil, []int64{500}, -200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			theYear(w)
			w.Feature("words", "single_use")
			w.CustomerWithCard("c", "year")
			w.Track("c", "messages", 1200)
			w.Advance("10d")
			items := []JSON{Every("year", Price(100)), Overage("messages", 1000, tt.price, 1), Consumable("words", 5)}
			body := JSON{"customer_id": "c", "product_id": "year"}
			if tt.more["is_custom"] == nil {
				w.Post("/v1/products/year", JSON{"items": items})
			} else {
				body = Merge(body, tt.more, JSON{"items": items})
			}
			w.Post("/v1/attach", body)
			w.Advance("1h")
			w.Billed("c", append([]int64{10000}, tt.today...)...)
			w.HasBalance("c", "messages", true, tt.left)
			w.HasBalance("c", "words", true, 5)
			w.Track("c", "messages", 300)
			w.AdvanceTo(T1)
			w.Billed("c", append(append([]int64{10000}, tt.today...), tt.then...)...)
			w.HasBalance("c", "messages", true, 1000)
		})
	}
}
