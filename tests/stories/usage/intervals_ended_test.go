package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// yearWith sells a year's plan for 366.00 and an add-on for 36.60, of which 100 words
// are included in each interval, bought on one subscription; 150 words are used.
func yearWith(t *testing.T, interval string) *World {
	t.Helper()
	w := New(t)
	w.Feature("words", "single_use")
	w.Product("year", "main", Every("year", Price(366)))
	w.Product("year2", "main", Every("year", Price(732)))
	w.Product("extra", "", Every("year", Price(36.6)), Every(interval, Overage("words", 100, 0.1, 1))).AddOn()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"year", "extra"}})
	w.HasSubscriptions("c", 1)
	w.Track("c", "words", 150)
	return w
}

// What was used of a product that leaves a year's subscription is billed then, not with
// the renewal of the others.
func TestINT31AProductThatLeavesAYearsSubscription(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"month", "quarter", "year"} {
		t.Run("cancelled at once, use of a "+interval, func(t *testing.T) {
			t.Parallel()
			w := yearWith(t, interval)
			w.Advance("10d")
			w.Cancel("c", "extra", Immediately())
			w.Advance("1d")
			w.Billed("c", 40260, 500)
			w.AdvanceTo(T0.AddDate(1, 0, 0).Add(2 * time.Hour))
			w.Billed("c", 40260, 500, 36600)
		})
	}
	t.Run("taken off at Stripe", func(t *testing.T) {
		t.Parallel()
		w := yearWith(t, "month")
		w.Advance("10d")
		for _, sub := range w.AtStripe("c")["subscriptions"].([]any) {
			for _, item := range ValueAt(sub, "items.data").([]any) {
				if ValueAt(item, "price.unit_amount") == float64(3660) {
					w.CallStripe("DELETE", "/v1/subscription_items/"+ValueAt(item, "id").(string)+"?proration_behavior=none", "")
				}
			}
		}
		w.WaitIdle()
		w.HasProducts("c", "year active")
		w.Advance("1d")
		w.Billed("c", 40260, 500)
	})
	t.Run("with the year's end", func(t *testing.T) {
		t.Parallel()
		w := yearWith(t, "month")
		year := T0.AddDate(1, 0, 0)
		w.Cancel("c", "extra")
		w.AdvanceTo(year.AddDate(0, 0, -1))
		w.Billed("c", 40260, 500)
		w.Track("c", "words", 120)
		w.AdvanceTo(year.Add(2 * time.Hour))
		w.Billed("c", 40260, 500, 36800)
		w.AdvanceTo(year.AddDate(0, 2, 0))
		w.Billed("c", 40260, 500, 36800)
	})
	t.Run("and the others end within the day", func(t *testing.T) {
		t.Parallel()
		w := yearWith(t, "month")
		w.Cancel("c", "extra", Immediately())
		w.Cancel("c", "year", Immediately())
		w.Advance("2d")
		w.Billed("c", 40260, 500)
	})
}

// The plan that is used leaves, and one that is not stays.
func TestINT31ThePlanLeavesAndAnAddOnStays(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Product("year", "main", Every("year", Price(366)), Overage("words", 100, 0.1, 1))
	w.Product("extra", "", Every("year", Price(36.6))).AddOn()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"year", "extra"}})
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Track("c", "words", 130)
	w.Cancel("c", "year", Immediately())
	w.Advance("1d")
	w.HasProducts("c", "extra active")
	w.Billed("c", 40260, 300)
	w.AdvanceTo(T4)
	w.Billed("c", 40260, 300)
}

// A plan that gives way to a free one at once, while an add-on stays: the preview names
// the use that is billed.
func TestINT31AFreePlanInsteadOfTheOneThatLeaves(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"month", "year"} {
		t.Run(interval, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("words", "single_use")
			w.Product("free", "main")
			w.Product("year", "main", Every("year", Price(366)), Every(interval, Overage("words", 100, 0.1, 1)))
			w.Product("extra", "", Every("year", Price(36.6))).AddOn()
			w.CustomerWithCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"year", "extra"}})
			w.Track("c", "words", 130)
			ask := JSON{"customer_id": "c", "product_id": "free", "plan_schedule": "immediate"}
			w.Want("due today", ValueAt(w.Post("/v1/attach/preview", ask), "due_today.total"), -363)
			w.Post("/v1/attach", ask)
			w.Advance("1d")
			w.HasProducts("c", "extra active", "free active")
			w.Billed("c", 40260, -36600, 300)
		})
	}
}
