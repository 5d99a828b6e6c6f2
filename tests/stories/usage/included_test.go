package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// twoThatInclude sells a plan with 100 messages, and one more with 50 beside it. Beyond,
// the plan's cost 0.10 and the other's 0.50.
func twoThatInclude(w *World) {
	w.Helper()
	w.Feature("messages", "single_use")
	w.Product("plan", "main", Price(20), Overage("messages", 100, 0.1, 1))
	w.Product("more", "", Price(5), Overage("messages", 50, 0.5, 1)).AddOn()
}

// Each of the ways to use 150 takes what both include; ten more cost the plan's price.
func TestINT30WhatIsIncludedIsUsedUpBeforeAnyGoesBeyond(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(w *World){
		"at once":         func(w *World) { w.Track("c", "messages", 150) },
		"one after other": func(w *World) { w.Track("c", "messages", 90); w.Track("c", "messages", 60) },
		"up to each end":  func(w *World) { w.Track("c", "messages", 100); w.Track("c", "messages", 50) },
		"in a batch": func(w *World) {
			w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", []JSON{{"customer_id": "c", "feature_id": "messages", "value": 70}, {"customer_id": "c", "feature_id": "messages", "value": 80}})
		},
		"with a check": func(w *World) {
			w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 150, "send_event": true})
		},
		"and given back": func(w *World) {
			w.Track("c", "messages", 170)
			w.HasBalance("c", "messages", true, -20)
			w.Track("c", "messages", -40)
			w.HasBalance("c", "messages", true, 20)
			w.Track("c", "messages", 20)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			twoThatInclude(w)
			w.CustomerWithCard("c", "plan", "more")
			w.CustomerWithCard("d", "plan", "more")
			use(w)
			w.HasBalance("c", "messages", true, 0)
			w.Track("d", "messages", 150)
			w.Track("d", "messages", 10)
			w.HasBalance("d", "messages", true, -10)
			w.AdvanceTo(T1.Add(2 * time.Hour))
			w.Billed("c", 2000, 500, 2000, 500)
			w.Billed("d", 2000, 500, 2100, 500)
			w.HasBalance("d", "messages", true, 150)
		})
	}
}

// A month's use beside a year's, and a quarter's beside it: each comes back on its own
// day, and the shorter one is used up and goes beyond first.
func TestINT30OfSeveralIntervals(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("year", "main", Every("year", Price(100)), Every("year", Overage("messages", 1000, 0.01, 1)))
	w.Product("month", "", Price(5), Overage("messages", 50, 0.5, 1)).AddOn()
	w.CustomerWithCard("c", "year", "month")
	w.Track("c", "messages", 800)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 10000, 500, 500)
	w.HasBalance("c", "messages", true, 300) // 250 of the year, and 50 of May
	w.Track("c", "messages", 310)            // ten beyond, at the month's price
	w.AdvanceTo(T2.Add(2 * time.Hour))
	w.Billed("c", 10000, 500, 500, 1000)
	w.HasBalance("c", "messages", true, 50)
}

// A limit ends how far one goes beyond; the other goes on.
func TestINT30ALimitBeyond(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("plan", "main", Price(20), Merge(Overage("messages", 100, 0.1, 1), JSON{"usage_limit": 120}))
	w.Product("more", "", Price(5), Overage("messages", 50, 0.5, 1)).AddOn()
	w.CustomerWithCard("c", "plan", "more")
	w.Track("c", "messages", 175) // 100, 50, 20 at 0.10, five at 0.50
	w.HasBalance("c", "messages", true, -25)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 500, 2200, 750)
}

// Credits of two products, both of which go on beyond them.
func TestINT30Credits(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Post("/v1/features", JSON{"id": "credits", "type": "credit_system", "credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": 2}}})
	w.Product("plan", "main", Price(20), Overage("credits", 100, 0.1, 1))
	w.Product("more", "", Price(5), Overage("credits", 50, 0.5, 1)).AddOn()
	w.CustomerWithCard("c", "plan", "more")
	w.Track("c", "words", 75)
	w.Want("check", w.Check("c", "words")["balance"], 0)
	w.Track("c", "words", 10)
	w.Track("c", "words", -4)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 500, 2000+120, 500)
}

// A seat that either includes is not paid for, and of those freed the paid one is the first.
func TestINT30Seats(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("plan", "main", Price(20), Seats("seats", 2, 30, "prorate_immediately", "prorate_immediately"))
	w.Product("more", "", Price(5), Seats("seats", 3, 60, "prorate_immediately", "prorate_immediately")).AddOn()
	w.CustomerWithCard("c", "plan", "more")
	w.Track("c", "seats", 5)
	w.Billed("c", 2000, 500)
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 500, 3000)
	w.Advance("15d")
	w.Track("c", "seats", -2) // the paid one, for half a month, and one that is included
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 500, 3000, 2000-1500, 500)
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 500, 3000, 500, 500)
}

// A plan that includes less takes over what was used: what is too much for it is taken
// from what the add-on includes, and the rest goes beyond.
func TestINT30UseThatIsCarriedOver(t *testing.T) {
	t.Parallel()
	keep := func(included int, price float64) JSON {
		return Merge(Overage("messages", included, price, 1), JSON{"reset_usage_when_enabled": false})
	}
	w := New(t)
	w.Feature("messages", "single_use")
	w.Product("plan", "main", Price(20), keep(100, 0.1))
	w.Product("small", "main", Price(10), keep(30, 0.2))
	w.Product("more", "", Price(5), Overage("messages", 50, 0.5, 1)).AddOn()
	w.CustomerWithCard("c", "plan", "more")
	w.Track("c", "messages", 90)
	w.Attach("c", "small", JSON{"plan_schedule": "immediate"})
	w.HasBalance("c", "messages", true, -10) // 30, 50, and ten at 0.20
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 2000, 500, -1000, 1200, 500)
}
