package attach

import (
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// on asks for a day of the month.
func on(day any) JSON { return JSON{"billing_cycle_anchor": day} }

// From 1 to 15 April are 14 of the 31 days that end on the 15th.
func TestINT11ADayOfTheMonthOnAttach(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]JSON{"by card": {}, "by invoice": {"invoice": true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.CustomerWithCard("c")
			ask := Merge(JSON{"customer_id": "c", "product_id": "pro"}, on(15), more)
			preview := w.Post("/v1/attach/preview", ask)
			day := T0.AddDate(0, 0, 14)
			w.Want("preview", []any{ValueAt(preview, "due_today.total"), ValueAt(preview, "due_next_cycle.due_at"), ValueAt(preview, "due_next_cycle.total")}, []any{9.03, day.UnixMilli(), 20})
			w.Post("/v1/attach", ask)
			w.Billed("c", 903) // 20.00 × 14 / 31
			w.Want("reset, and the period's end", []any{w.Check("c", "messages")["next_reset_at"], ValueAt(w.CustomerProduct("c", "pro"), "current_period_end")}, []any{day.UnixMilli(), day.UnixMilli()})
			w.Track("c", "messages", 100)
			w.AdvanceTo(day.Add(2 * time.Hour))
			w.Billed("c", 903, 2000)
			w.HasBalance("c", "messages", true, 500)
			w.AdvanceTo(day.AddDate(0, 1, 0).Add(2 * time.Hour))
			w.Billed("c", 903, 2000, 2000)
		})
	}
}

// A year begins on the day, too; the months within it end on the same one, and the
// first of them is shorter.
func TestINT11AYearThatBeginsOnADay(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", Every("year", Price(365)), Overage("messages", 100, 0.1, 1), Seats("seats", 1, 31, "prorate_immediately", "none"))
	w.CustomerWithCard("c")
	w.Attach("c", "year", on(11))
	w.Billed("c", 1000)       // 10 of 365 days
	w.Track("c", "seats", 2)  // one to pay, for 10 of 31 days
	w.Billed("c", 1000, 1000) // 31.00 × 10 / 31
	w.Track("c", "messages", 150)
	day := T0.AddDate(0, 0, 10)
	w.Want("reset", w.Check("c", "messages")["next_reset_at"], day.UnixMilli())
	w.AdvanceTo(day.Add(2 * time.Hour))
	w.Billed("c", 1000, 1000, 36500+3100+500)
	w.Track("c", "messages", 120)
	w.AdvanceTo(day.AddDate(0, 1, 0))
	w.Billed("c", 1000, 1000, 40100, 3100+200)
}

// The 31st is the last day of a shorter month, and the 31st of a longer one.
func TestINT12The31stClampsAndDoesNotDrift(t *testing.T) {
	t.Parallel()
	w := With(t, stack.Options{Clock: time.Date(2027, 11, 10, 9, 30, 0, 0, time.UTC)})
	w.Feature("messages", "single_use")
	w.Product("use", "main", Price(30), Overage("messages", 100, 0.1, 1))
	w.Product("use2", "main", Price(60), Overage("messages", 100, 0.1, 1))
	w.CustomerWithCard("c")
	w.Attach("c", "use", on(31))
	want := []int64{2000} // 20 of 30 days: from 31 October to 30 November
	w.Billed("c", want...)
	at := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 9, 30, 0, 0, time.UTC)
	}
	for n, turn := range []time.Time{at(2027, 11, 30), at(2027, 12, 31), at(2028, 1, 31), at(2028, 2, 29), at(2028, 3, 31), at(2028, 4, 30), at(2028, 5, 31)} {
		product, price := "use", int64(3000)
		if n >= 4 {
			product, price = "use2", 6000
		}
		if n == 4 { // a change between two such days keeps them
			w.Attach("c", "use2")
			want = append(want, 2992) // 30.00 × 742 / 744
			w.Billed("c", want...)
		}
		w.Want("reset, and the period's end", []any{w.Check("c", "messages")["next_reset_at"], ValueAt(w.CustomerProduct("c", product), "current_period_end")}, []any{turn.UnixMilli(), turn.UnixMilli()})
		w.Track("c", "messages", 101+n)
		w.AdvanceTo(turn.Add(2 * time.Hour))
		want = append(want, price+int64(10*(n+1)))
		w.Billed("c", want...)
	}
}

// On a page the day is a moment; the first period is charged from when it is paid.
func TestINT13ABillingDayOnAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	page := w.Attach("c", "pro", on(16))["checkout_url"].(string)
	w.Advance("10h")
	w.Pay(page)
	w.Billed("c", 941) // 14 days and 14 hours of 31 days: 20 × 350 / 744
	day := T0.AddDate(0, 0, 15)
	w.Want("reset", w.Check("c", "messages")["next_reset_at"], day.UnixMilli())
	w.AdvanceTo(day.Add(2 * time.Hour))
	w.Billed("c", 941, 2000)
	w.AdvanceTo(day.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 941, 2000, 2000)
}

// On the day itself there is nothing to shorten, and on a page all but the time until
// it is paid.
func TestINT13TheDayItself(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("a")
	w.Attach("a", "pro", on(1))
	w.Billed("a", 2000)
	w.Post("/v1/customers", JSON{"id": "b"})
	w.Pay(w.Attach("b", "pro", on(1))["checkout_url"].(string))
	w.Billed("b", 2000)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("a", 2000, 2000)
	w.Billed("b", 2000, 2000)
}

// The time left is credited, and a full period is charged and begins.
func TestINT14NowBeginsAFullPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Product("premium_words", "main", Price(50), Overage("messages", 500, 0.1, 1))
	w.Track("c", "messages", 110)
	w.Advance("15d")
	ask := Merge(JSON{"customer_id": "c", "product_id": "premium_words"}, on("now"))
	w.Want("preview", ValueAt(w.Post("/v1/attach/preview", ask), "due_today.total"), 41) // 50 − 10 + 1
	w.Post("/v1/attach", ask)
	w.Billed("c", 2000, 4100)
	day := T0.AddDate(0, 1, 15)
	w.Want("reset, and the period's end", []any{w.Check("c", "messages")["next_reset_at"], ValueAt(w.CustomerProduct("c", "premium_words"), "current_period_end")}, []any{day.UnixMilli(), day.UnixMilli()})
	w.AdvanceTo(day.Add(2 * time.Hour))
	w.Billed("c", 2000, 4100, 5000)
	w.Attach("c", "pro", JSON{"plan_schedule": "immediate"}, on("now")) // and so does a downgrade at once
	w.Billed("c", 2000, 4100, 5000, -2987)                              // 20.00 − 50.00 × 742 / 744
}

// A change in the first period is charged and credited for the share of a whole one.
func TestINT15AChangeInAShortFirstPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro", on(16))
	w.Billed("c", 968) // 15 of 31 days
	w.Advance("5d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 9.68) // 30.00 × 10 / 31
	w.Attach("c", "premium")
	w.Billed("c", 968, 968)
	w.Cancel("c", "premium", Immediately(), JSON{"prorate": true})
	w.Billed("c", 968, 968, -1613) // 50.00 × 10 / 31
}

func TestINT16ABillingDayThatCantBe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("week", "week", Every("week", Price(10)))
	w.CustomerWithCard("c")
	w.Post("/v1/customers", JSON{"id": "d"})
	for name, tt := range map[string]struct {
		customer, product, code string
		more                    JSON
	}{
		"no day of any month":     {"c", "pro", "invalid_inputs", on(32)},
		"0":                       {"c", "pro", "invalid_inputs", on(0)},
		"a moment":                {"c", "pro", "invalid_request", on(T1.UnixMilli())},
		"a text":                  {"c", "pro", "invalid_inputs", on("later")},
		"half a day":              {"c", "pro", "invalid_inputs", on(1.5)},
		"nothing that repeats":    {"c", "topup", "invalid_request", Merge(on(15), Quantity("messages", 250))},
		"nothing that costs":      {"c", "booster", "invalid_request", on(15)},
		"weeks":                   {"c", "week", "invalid_request", on(15)},
		"a trial":                 {"c", "pro_trial", "invalid_request", on(15)},
		"now, with a trial":       {"c", "pro_trial", "invalid_request", on("now")},
		"the 31st of April, page": {"d", "pro", "invalid_request", on(31)},
		"apart, of a bundle":      {"c", "", "invalid_request", JSON{"product_ids": []string{"pro", "addon_words"}, "new_billing_subscription": true}},
	} {
		body := Merge(JSON{"customer_id": tt.customer}, tt.more)
		if tt.product != "" {
			body["product_id"] = tt.product
		}
		w.Want(name, w.Refused(400, tt.code, "/v1/attach", body), w.Refused(400, tt.code, "/v1/attach/preview", body))
	}
	w.Attach("c", "pro")
	for name, more := range map[string]JSON{"a change": {"product_id": "premium", "billing_cycle_anchor": 15}, "a downgrade": {"product_id": "free", "billing_cycle_anchor": "now"},
		"apart": {"product_id": "premium", "new_billing_subscription": true}, "with itself": {"product_id": "premium", "billing_cycle_anchor": "now", "plan_schedule": "end_of_cycle"}} {
		body := Merge(JSON{"customer_id": "c"}, more)
		w.Want(name, w.Refused(400, "invalid_request", "/v1/attach", body), w.Refused(400, "invalid_request", "/v1/attach/preview", body))
	}
	w.Billed("c", 2000)
}

// An add-on that is held may be bought once more: it has a subscription, a billing day
// and allowances of its own.
func TestINT17OneMoreSubscriptionOfTheSameAddOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("packs", "", Prepaid("messages", 10, 100, "month")).AddOn()
	w.CustomerWithCard("c", "pro")
	w.Attach("c", "packs", Quantity("messages", 100), JSON{"new_billing_subscription": true})
	w.Advance("15d")
	w.Attach("c", "packs", Quantity("messages", 200), JSON{"new_billing_subscription": true}) // no change of the first
	w.HasSubscriptions("c", 3)
	w.Billed("c", 2000, 1000, 2000)
	w.HasBalance("c", "messages", true, 800)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 1000, 2000, 2000, 1000)
	w.AdvanceTo(T0.AddDate(0, 1, 15).Add(2 * time.Hour))
	w.Billed("c", 2000, 1000, 2000, 2000, 1000, 2000)
}

// An add-on of another interval has a subscription of its own anyway.
func TestINT17AnAddOnOfAnotherInterval(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("support", "", Every("year", Price(365)), Overage("words", 10, 1, 1)).AddOn()
	w.CustomerWithCard("c", "pro", "support")
	w.HasSubscriptions("c", 2)
	w.Track("c", "words", 12)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 36500, 2000, 200)
}

// A refused card leads to a page, unless a page can't have the day.
func TestINT16ARefusedCardAndABillingDay(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutFailingCard("c")
	w.Refused(402, "stripe_card_declined", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, on(31)))
	w.HasProducts("c", "free active")
	w.Pay(w.Attach("c", "pro", on(16))["checkout_url"].(string))
	w.Billed("c", 968) // 20.00 × 15 / 31
	w.HasProducts("c", "pro active")
}

// A page for tomorrow is open until then.
func TestINT13APageForTomorrow(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	page := w.Attach("c", "pro", on(2))["checkout_url"].(string)
	w.Advance("23h")
	w.Pay(page)
	w.Billed("c", 3) // 20.00 × 1 / 744 hours
	w.AdvanceTo(T0.AddDate(0, 0, 1).Add(2 * time.Hour))
	w.Billed("c", 3, 2000)
	w.Post("/v1/customers", JSON{"id": "d"})
	page = w.Attach("d", "pro", on(3))["checkout_url"].(string)
	w.Advance("1d")
	w.Want("after that day", w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}).Status, 400)
	w.HasProducts("d", "free active")
}

// Packs that are chosen on the page are charged for the first period, too.
func TestINT13PacksOnAPageWithABillingDay(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	page := w.Attach("c", "pro_prepaid", on(16), Quantity("messages", 100))["checkout_url"].(string)
	w.Advance("5h")
	w.Pay(page, JSON{"quantities": JSON{"messages": 300}})
	w.Billed("c", 954+1431) // 14 days and 19 hours of 31 days: 355 / 744 of 20.00, and of 30.00
	w.HasBalance("c", "messages", true, 300)
	w.AdvanceTo(T0.AddDate(0, 0, 15).Add(2 * time.Hour))
	w.Billed("c", 2385, 5000)
}
