package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// The first period is ten of the 31 days that end on the 11th: the plan costs 10.00 of
// 31.00, and so does a seat that costs the whole period. After five days a seat costs
// half of that where it is prorated.
func TestINT32ASeatInAShorterFirstPeriod(t *testing.T) {
	t.Parallel()
	day := T0.AddDate(0, 0, 10)
	for rule, want := range map[string][]int64{
		"":                    {1000, 1000, 1000, 3100 + 2*3100, 3100},
		"bill_immediately":    {1000, 1000, 1000, 3100 + 2*3100, 3100},
		"prorate_immediately": {1000, 1000, 500, 3100 + 2*3100, 3100},
		"bill_next_cycle":     {1000, 3100 + 2*3100 + 2000, 0},
		"prorate_next_cycle":  {1000, 3100 + 2*3100 + 1500, 0},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("plan", "main", Price(31), Seats("seats", 0, 31, rule, "none"))
			w.CustomerWithCard("c")
			w.Attach("c", "plan", JSON{"billing_cycle_anchor": 11})
			w.Track("c", "seats", 1)
			w.Advance("5d")
			w.Track("c", "seats", 1)
			last := len(want) - 1
			w.AdvanceTo(day.Add(2 * time.Hour))
			w.Billed("c", want[:last]...)
			w.Advance("15d") // the whole period of a full one
			w.Track("c", "seats", 1)
			if rule == "" || rule == "bill_immediately" {
				w.Billed("c", want...)
			}
			w.NothingUnbilled("c")
		})
	}
}

// The first month of a year that begins on the 11th is ten days as well.
func TestINT32ASeatInAShorterFirstMonthOfAYear(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", Every("year", Price(365)), Seats("seats", 0, 31, "bill_immediately", "none"))
	w.CustomerWithCard("c")
	w.Attach("c", "year", JSON{"billing_cycle_anchor": 11})
	w.Track("c", "seats", 1)
	w.Billed("c", 1000, 1000)
	w.AdvanceTo(T0.AddDate(0, 0, 10).Add(2 * time.Hour))
	w.Billed("c", 1000, 1000, 36500+3100)
	w.Advance("5d")
	w.Track("c", "seats", 1)
	w.Billed("c", 1000, 1000, 39600, 3100)
}

// What a freed seat gives back is its share of what it cost.
func TestINT32ASeatFreedInAShorterFirstPeriod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("plan", "main", Price(31), Seats("seats", 0, 31, "bill_immediately", "prorate_immediately"))
	w.CustomerWithCard("c")
	w.Attach("c", "plan", JSON{"billing_cycle_anchor": 11})
	w.Track("c", "seats", 1)
	w.Advance("5d")
	w.Track("c", "seats", -1)
	w.AdvanceTo(T0.AddDate(0, 0, 10).Add(2 * time.Hour))
	w.Billed("c", 1000, 1000, 3100-500)
}

// Seats that are held when the plan begins: the preview names their share.
func TestINT32SeatsThatWaitForTheirPlan(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("free", "main", JSON{"feature_id": "seats", "included_usage": 5})
	w.Product("plan", "main", Price(31), Seats("seats", 0, 31, "bill_immediately", "none"))
	w.CustomerWithCard("c", "free")
	w.Track("c", "seats", 2)
	ask := JSON{"customer_id": "c", "product_id": "plan", "billing_cycle_anchor": 11}
	w.Want("due today", ValueAt(w.Post("/v1/attach/preview", ask), "due_today.total"), 30)
	w.Post("/v1/attach", ask)
	w.Billed("c", 1000, 2000)
}

// On a page the share is counted from when it is paid: of ten days nine and a half.
func TestINT32SeatsThatWaitForAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("free", "main", JSON{"feature_id": "seats", "included_usage": 5})
	w.Product("plan", "main", Price(31), Seats("seats", 0, 31, "bill_immediately", "none"))
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Attach("c", "free")
	w.Track("c", "seats", 2)
	page := w.Attach("c", "plan", JSON{"billing_cycle_anchor": 11})["checkout_url"].(string)
	w.Advance("12h")
	w.Pay(page)
	w.WaitIdle()
	w.Billed("c", 950, 1900)
	w.AdvanceTo(T0.AddDate(0, 0, 10).Add(2 * time.Hour))
	w.Billed("c", 950, 1900, 3100+6200)
}
