package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// theYear sells a year for 100.00, and 1,000 messages of each month of it: each one
// beyond costs a cent.
func theYear(w *World) {
	w.Helper()
	w.Feature("messages", "single_use")
	w.Product("year", "main", Every("year", Price(100)), Overage("messages", 1000, 0.01, 1))
}

func TestINT01AYearsPriceWithMonthlyOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.Billed("c", 10000)
	w.Track("c", "messages", 1500)
	w.HasBalance("c", "messages", true, -500)
	w.Want("reset", w.Check("c", "messages")["next_reset_at"], T1.UnixMilli())
	w.AdvanceTo(T1)
	w.Billed("c", 10000, 500)
	w.Advance("2h") // Stripe charges it, as it does a renewal
	w.Want("its status, and whose it is", []any{w.Invoices("c")[1].Status, w.Invoices("c")[1].Subscription}, []any{"paid", ""})
	w.HasBalance("c", "messages", true, 1000)
	w.Want("the period of the subscription", ValueAt(w.CustomerProduct("c", "year"), "current_period_end"), T0.AddDate(1, 0, 0).UnixMilli())
	w.AdvanceTo(T2)
	w.Billed("c", 10000, 500) // within the allowance
	w.Track("c", "messages", 1001)
	w.AdvanceTo(T3)
	w.Billed("c", 10000, 500, 1)
	w.AdvanceTo(T0.AddDate(1, 0, 0).Add(2 * time.Hour))
	w.Billed("c", 10000, 500, 1, 10000)
	w.Track("c", "messages", 1200)
	w.AdvanceTo(T1.AddDate(1, 0, 0))
	w.Billed("c", 10000, 500, 1, 10000, 200)
}

// Stripe tells nothing on that day, and nothing that it tells is needed.
func TestINT02EachMonthIsBilledOnItsDayWithoutAnyEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	for n := 1; n <= 3; n++ {
		w.Track("c", "messages", 1000+100*n)
		w.AdvanceTo(T0.AddDate(0, n, 0).Add(-time.Second))
		w.HasBalance("c", "messages", true, -100*n)
		w.AdvanceTo(T0.AddDate(0, n, 0))
		w.HasBalance("c", "messages", true, 1000)
	}
	var totals []int64
	for _, in := range w.Invoices("c") {
		totals = append(totals, in.Total)
	}
	w.Want("at Stripe", totals, []int64{10000, 100, 200, 300})
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.WaitIdle()
	w.Advance("1d")
	w.Billed("c", 10000, 100, 200, 300)
}

// The last month of a year is over with it. What is used after that is the next month's.
func TestINT03TheLastMonthGoesOntoTheRenewal(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.AdvanceTo(T0.AddDate(0, 11, 3))
	w.Track("c", "messages", 1700)
	year := T0.AddDate(1, 0, 0)
	w.AdvanceTo(year)
	w.Track("c", "messages", 1100)
	w.AdvanceTo(year.Add(2 * time.Hour))
	w.Billed("c", 10000, 10700)
	w.HasBalance("c", "messages", true, -100)
	w.AdvanceTo(year.AddDate(0, 1, 0))
	w.Billed("c", 10000, 10700, 100)
}

// A renewal whose draft nobody heard of leaves the last month to the schedule.
func TestINT03ARenewalThatNobodyHeardOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	year := T0.AddDate(1, 0, 0)
	w.AdvanceTo(year.AddDate(0, 0, -1))
	w.Track("c", "messages", 1700)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(year.Add(13 * time.Hour))
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("1d")
	w.Billed("c", 10000, 10000, 700)
}

func TestINT04NoIntervalThatDoesNotDivide(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	over := func(interval string, count int) JSON {
		return Merge(Overage("messages", 10, 0.1, 1), JSON{"interval": interval, "interval_count": count})
	}
	for name, tt := range map[string]struct {
		items   []JSON
		refused bool
	}{
		"months of a year":          {[]JSON{Every("year", Price(100)), over("month", 1)}, false},
		"quarters of a year":        {[]JSON{Every("year", Price(100)), over("quarter", 1)}, false},
		"months of a quarter":       {[]JSON{Every("quarter", Price(100)), over("month", 1)}, false},
		"quarters of two years":     {[]JSON{Merge(Every("year", Price(100)), JSON{"interval_count": 2}), over("quarter", 1)}, false},
		"months of half a year":     {[]JSON{Every("semi_annual", Price(100)), over("month", 1)}, false},
		"weeks of four weeks":       {[]JSON{Merge(Every("week", Price(100)), JSON{"interval_count": 4}), over("week", 2)}, false},
		"three months of a quarter": {[]JSON{Every("quarter", Price(100)), over("month", 3)}, false},
		"no price, two intervals":   {[]JSON{over("month", 1), Every("year", Overage("words", 0, 1, 1))}, false},
		"weeks of a month":          {[]JSON{Price(100), over("week", 1)}, true},
		"weeks of a year":           {[]JSON{Every("year", Price(100)), over("week", 1)}, true},
		"a longer one":              {[]JSON{Price(100), over("year", 1)}, true},
		"five months of a year":     {[]JSON{Every("year", Price(100)), over("month", 5)}, true},
		"three weeks of four":       {[]JSON{Merge(Every("week", Price(100)), JSON{"interval_count": 4}), over("week", 3)}, true},
		"two fixed prices":          {[]JSON{Every("year", Price(100)), Price(10)}, true},
		"packs of a month":          {[]JSON{Every("year", Price(100)), Prepaid("messages", 10, 100, "month")}, true},
	} {
		body := JSON{"id": "p", "name": "p", "items": tt.items}
		if tt.refused {
			if why := w.Refused(400, "invalid_inputs", "/v1/products", body); why == "" {
				t.Errorf("%s: no sentence", name)
			}
			continue
		}
		if a := w.Do(w.Stack.Key, "POST", "/v1/products", body); a.Status != 200 {
			t.Errorf("%s: %d %s", name, a.Status, a.Text)
		}
		w.Call("DELETE", "/v1/products/p", nil)
	}
}

// Without a price that is paid in advance, the longest interval of use is that of the
// subscription.
func TestINT03UseOfTwoIntervalsAlone(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("use", "main", Overage("messages", 10, 0.1, 1), Every("quarter", Overage("words", 0, 1, 1)))
	w.CustomerWithCard("c", "use")
	w.Track("c", "messages", 15)
	w.Track("c", "words", 2)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 0, 50)
	w.AdvanceTo(T2.AddDate(0, 0, 3))
	w.Track("c", "messages", 11)
	w.Track("c", "words", 3)
	w.AdvanceTo(T3.Add(2 * time.Hour))
	w.Billed("c", 0, 50, 510)
	w.HasBalance("c", "words", true, 0)
	w.AdvanceTo(T4.AddDate(0, 3, 0))
	w.Billed("c", 0, 50, 510, 0)
}

// A discount of the customer lowers the invoice of a month; one of the subscription
// lowers the subscription's own.
func TestINT01ADiscountOnTheInvoiceOfAMonth(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CallStripe("POST", "/v1/coupons", "id=TEN&percent_off=10&duration=forever")
	for _, id := range []string{"whole", "sub"} {
		w.CustomerWithCard(id, "year")
		w.Track(id, "messages", 1500)
	}
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("whole"), "coupon=TEN")
	w.CallStripe("POST", "/v1/subscriptions/"+w.Invoices("sub")[0].Subscription, "coupon=TEN")
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("whole", 10000, 450)
	w.Billed("sub", 10000, 500)
	w.AdvanceTo(T0.AddDate(1, 0, 0).Add(2 * time.Hour))
	w.Billed("whole", 10000, 450, 9000)
	w.Billed("sub", 10000, 500, 9000)
}
