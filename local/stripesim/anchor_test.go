package stripesim_test

import (
	"testing"
	"time"
)

// Something free that becomes paid begins a full period, unless the billing day
// is to stay: then the time left is charged, as in any other change.
func TestTheBillingDayWhenSomethingFreeBecomesPaid(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		values    string
		interval  string
		billed    int64
		periodEnd time.Time
	}{
		"it moves":                          {"", "month", 3100, start.AddDate(0, 1, 10)},
		"it stays":                          {"&billing_cycle_anchor=unchanged", "month", 2100, start.AddDate(0, 1, 0)},
		"it moves with another interval":    {"&billing_cycle_anchor=unchanged", "year", 3100, start.AddDate(1, 0, 10)},
		"it was to move":                    {"&billing_cycle_anchor=now", "month", 3100, start.AddDate(0, 1, 10)},
		"without a charge it stays as well": {"&billing_cycle_anchor=unchanged&proration_behavior=none", "month", 0, start.AddDate(0, 1, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("0", ""))
			w.to(start.AddDate(0, 0, 10))
			price := w.price("3100", "&recurring[interval]="+tt.interval)
			values := "proration_behavior=always_invoice&items[0][id]=" + sub.str("items.data.0.id") + "&items[0][price]=" + price
			if tt.billed == 0 {
				values = "items[0][id]=" + sub.str("items.data.0.id") + "&items[0][price]=" + price
			}
			now := w.post("/v1/subscriptions/"+sub.str("id"), values+tt.values)
			if now.num("current_period_end") != tt.periodEnd.Unix() {
				t.Errorf("the period ends %s, want %s", time.Unix(now.num("current_period_end"), 0).UTC(), tt.periodEnd)
			}
			var billed int64
			for _, in := range w.invoices(cus) {
				billed += in.num("total")
			}
			if billed != tt.billed {
				t.Errorf("billed %d, want %d", billed, tt.billed)
			}
		})
	}
}

// A day of the month is clamped to a month that is too short, and comes back in the
// next; the first invoice is for the share of the period that ends on it.
//
// Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
func TestTheDayOfTheMonth(t *testing.T) {
	t.Parallel()
	day := func(year int, month time.Month, d int) time.Time {
		return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
	}
	for name, tt := range map[string]struct {
		from     time.Time
		interval string
		config   string
		first    int64
		turns    []time.Time
	}{
		"the 15th":                   {day(2027, 4, 1), "month", "[day_of_month]=15", 3100 * 14 / 31, []time.Time{day(2027, 4, 15), day(2027, 5, 15)}},
		"the 31st of April":          {day(2027, 4, 15), "month", "[day_of_month]=31", 1550, []time.Time{day(2027, 4, 30), day(2027, 5, 31), day(2027, 6, 30), day(2027, 7, 31)}}, // 15 of 30 days
		"the 31st, to February":      {day(2027, 1, 31), "month", "[day_of_month]=31", 3100, []time.Time{day(2027, 2, 28), day(2027, 3, 31)}},
		"today, of a short month":    {day(2027, 4, 30), "month", "[day_of_month]=31", 3100, []time.Time{day(2027, 5, 31), day(2027, 6, 30)}},
		"the next month":             {day(2027, 4, 16), "month", "[day_of_month]=15", 2997, []time.Time{day(2027, 5, 15), day(2027, 6, 15)}}, // 29 of 30 days
		"a year":                     {day(2027, 4, 1), "year", "[day_of_month]=15", 119, []time.Time{day(2027, 4, 15), day(2028, 4, 15)}},    // 14 of 365 days
		"a year, from another month": {day(2027, 4, 1), "year", "[day_of_month]=15&billing_cycle_anchor_config[month]=3", 2957 - 1, []time.Time{day(2028, 3, 15), day(2029, 3, 15)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.from)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "billing_cycle_anchor_config"+tt.config+"&items[0][price]="+w.price("3100", "&recurring[interval]="+tt.interval))
			if got := w.invoices(cus)[0].num("total"); got != tt.first {
				t.Errorf("the first invoice is %d, want %d", got, tt.first)
			}
			for _, turn := range tt.turns {
				if end := w.get("/v1/subscriptions/"+sub.str("id"), "").num("current_period_end"); end != turn.Unix() {
					t.Errorf("the period ends %s, want %s", time.Unix(end, 0).UTC(), turn)
				}
				w.to(turn.Add(time.Minute))
			}
		})
	}
}

func TestTheDayOfTheMonthIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, month, week := w.customer("pm_card_visa"), w.price("3100", ""), w.price("3100", "&recurring[interval]=week")
	for _, values := range []string{
		"billing_cycle_anchor_config[day_of_month]=0&items[0][price]=" + month,
		"billing_cycle_anchor_config[day_of_month]=32&items[0][price]=" + month,
		"billing_cycle_anchor_config[hour]=2&items[0][price]=" + month,
		"billing_cycle_anchor_config[day_of_month]=3&billing_cycle_anchor_config[hour]=24&items[0][price]=" + month,
		"billing_cycle_anchor_config[day_of_month]=3&trial_period_days=7&items[0][price]=" + month,
		"billing_cycle_anchor_config[day_of_month]=3&items[0][price]=" + week,
	} {
		if status, _ := w.refused("POST", "/v1/subscriptions", "customer="+cus+"&"+values); status != 400 {
			t.Errorf("%s: %d", values, status)
		}
	}
}
