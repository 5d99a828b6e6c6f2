package attach

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// yearsWithin sells a year for 120.00, and one for 240.00, each with 1,000 emails a month
// at a cent beyond, and seats at 12.00 a month.
func yearsWithin(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.Feature("emails", "single_use")
	w.Feature("seats", "continuous_use")
	keep := func(included int) JSON {
		return Merge(Overage("emails", included, 0.01, 1), JSON{"reset_usage_when_enabled": false})
	}
	w.Product("free", "main", JSON{"feature_id": "seats", "included_usage": 5})
	w.Product("big", "main", Every("year", Price(240)), keep(1000), Seats("seats", 0, 12, "prorate_immediately", "none"))
	w.Product("small", "main", Every("year", Price(120)), keep(500), Seats("seats", 0, 12, "prorate_immediately", "none"))
	w.Product("month", "main", Price(20), Seats("seats", 0, 12, "prorate_immediately", "none"))
	return w
}

// What is due next of a month within a year stands beside what is due next year, and is
// what the invoice of the month has.
func TestINT33APreviewNamesTheNextBillOfAMonth(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		had   []string
		used  int
		later time.Duration
		ask   JSON
		due   any
		total any
	}{
		{"two seats that are held", []string{"free"}, 0, 0, JSON{"product_id": "big"}, T1, 24},
		{"in a shorter first period", []string{"free"}, 0, 0, JSON{"product_id": "big", "billing_cycle_anchor": 11}, nil, nil},
		{"an upgrade keeps the days", []string{"small"}, 0, 10 * 24 * time.Hour, JSON{"product_id": "big"}, T1, 24},
		{"what is carried and goes beyond", []string{"big"}, 800, 10 * 24 * time.Hour, JSON{"product_id": "small", "plan_schedule": "immediate"}, T1, 27},
		{"from a month: the days begin anew", []string{"month"}, 0, 10 * 24 * time.Hour, JSON{"product_id": "big"}, T1.AddDate(0, 0, 10), 24},
		{"a full year now", []string{"small"}, 0, 10 * 24 * time.Hour, JSON{"product_id": "big", "billing_cycle_anchor": "now"}, T1.AddDate(0, 0, 10), 24},
		{"a plan of a month has none", []string{"free"}, 0, 0, JSON{"product_id": "month"}, nil, nil},
		{"nor has what waits", []string{"big"}, 0, 0, JSON{"product_id": "small"}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := yearsWithin(t)
			w.CustomerWithCard("c", tt.had...)
			w.Track("c", "seats", 2)
			if tt.used > 0 {
				w.Track("c", "emails", tt.used)
			}
			w.AdvanceTo(T0.Add(tt.later))
			ask := Merge(JSON{"customer_id": "c"}, tt.ask)
			preview := w.Post("/v1/attach/preview", ask)
			if tt.due == nil {
				w.Want("within the cycle", preview["due_within_cycle"], nil)
				return
			}
			due := tt.due.(time.Time)
			w.Want("within the cycle", []any{ValueAt(preview, "due_within_cycle.due_at"), ValueAt(preview, "due_within_cycle.total")}, []any{due.UnixMilli(), tt.total})
			w.Want("checkout", ValueAt(w.Post("/v1/checkout", ask), "due_within_cycle"), preview["due_within_cycle"])
			w.Post("/v1/attach", ask)
			before := len(w.Invoices("c"))
			w.AdvanceTo(due)
			if got := w.Invoices("c"); len(got) != before+1 || got[before].Total != int64(tt.total.(int)*100) {
				t.Errorf("%v after %d, want one more of %v", got, before, tt.total)
			}
		})
	}
}

// A customer who is new has nothing to pay within the month, and sees the day.
func TestINT33APreviewForANewCustomer(t *testing.T) {
	t.Parallel()
	w := yearsWithin(t)
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "new", "product_id": "big"})
	w.Want("within the cycle", []any{ValueAt(preview, "due_within_cycle.due_at"), ValueAt(preview, "due_within_cycle.total"), ValueAt(preview, "due_next_cycle.total")}, []any{T1.UnixMilli(), 0, 240})
}
