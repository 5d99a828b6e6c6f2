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
