package updates

import (
	"math"
	"testing"

	. "windfall/tests/world"
)

// What a change with none brought is worth what was paid before it, and what was charged
// since: an end at once gives back no more, whatever of the plan was charged in between.
func TestUPD24AnEndAfterNone(t *testing.T) {
	t.Parallel()
	mixed := Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50})
	for name, c := range map[string]struct {
		since func(*World) // what is changed, and charged, after the change with none
		sum   int64        // of all invoices before the end
		back  int64        // by the end
	}{
		"nothing":                  {func(*World) {}, 2000, -2000},
		"more packs":               {func(w *World) { update(w, of("mixed", units(450))) }, 5000, -5000},
		"more packs, twice":        {func(w *World) { update(w, of("mixed", units(250))); update(w, of("mixed", units(450))) }, 5000, -5000},
		"more, then fewer":         {func(w *World) { update(w, of("mixed", units(450))); update(w, of("mixed", units(150))) }, 2000, -2000},
		"none again":               {func(w *World) { update(w, of("mixed", units(450), none)) }, 2000, -2000},
		"more, and none":           {func(w *World) { update(w, of("mixed", units(450))); update(w, of("mixed", units(650), none)) }, 5000, -5000},
		"a higher price":           {func(w *World) { update(w, of("mixed", JSON{"customize": JSON{"price": monthly(35)}})) }, 3500, -3500},
		"a lower price":            {func(w *World) { update(w, of("mixed", JSON{"customize": JSON{"price": monthly(5)}})) }, 500, -500},
		"a plan that costs":        {func(w *World) { w.Post("/v1/billing.attach", of("premium", now)) }, 5000, -5000},
		"packs, then a plan":       {func(w *World) { update(w, of("mixed", units(450))); w.Post("/v1/billing.attach", of("premium", now)) }, 5000, -5000},
		"packs, and ten days":      {func(w *World) { update(w, of("mixed", units(450))); w.Advance("10d") }, 5000, -3334}, // 26.67 of the packs and 6.67 of the plan, each line rounded
		"half a month, then packs": {func(w *World) { w.Advance("15d"); update(w, of("mixed", units(450))) }, 3500, -2500},
		"a plan for more, packs": {func(w *World) {
			update(w, of("mixed", JSON{"customize": JSON{"price": monthly(60)}}, none))
			update(w, of("mixed", units(450)))
		}, 5000, -5000},
		"the plan before": {func(w *World) { w.Post("/v1/billing.attach", of("pro", none, now)) }, 2000, -2000},
		"a lower price, and the plan before": {func(w *World) {
			update(w, of("mixed", units(50), JSON{"customize": JSON{"price": monthly(3)}})) // 17.00 come back
			w.Post("/v1/billing.attach", of("pro", none, now))
		}, 300, -300},
		"a lower price, another, and the plan before": {func(w *World) {
			update(w, of("mixed", units(50), JSON{"customize": JSON{"price": monthly(3)}}))
			w.Post("/v1/billing.attach", of("premium", none, now))
			w.Post("/v1/billing.attach", of("pro", none, now))
		}, 300, -300},
		"the plan before, for less, and again": {func(w *World) {
			w.Post("/v1/billing.attach", of("pro", none, now))
			update(w, of("pro", JSON{"customize": JSON{"price": monthly(5)}}))
			w.Post("/v1/billing.attach", of("mixed", units(150), none, now))
		}, 500, -500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := priced(t)
			w.Product("mixed", "main", Price(30), mixed, Consumable("words", 10))
			w.Post("/v1/billing.attach", of("pro"))
			w.Post("/v1/billing.attach", of("mixed", units(150), none, now))
			c.since(w)
			w.WaitIdle()
			if got := sum(w); got != c.sum {
				t.Errorf("charged %d, want %d", got, c.sum)
			}
			before := sum(w)
			said := w.Post("/v1/billing.preview_attach", of("free", now))
			w.Post("/v1/billing.attach", of("free", now))
			w.WaitIdle()
			if got := sum(w) - before; got != c.back || math.Round(said["total"].(float64)*100) != float64(c.back) {
				t.Errorf("the end gave %d back, previewed %v, want %d", got, said["total"], c.back)
			}
		})
	}
}

var now = JSON{"plan_schedule": "immediate"}

func monthly(amount int) JSON { return JSON{"amount": amount, "interval": "month"} }

// What came with none, where nothing was given up for it, is worth nothing.
func TestUPD32MoreWithNone(t *testing.T) {
	t.Parallel()
	packs := JSON{"feature_id": "words", "included": 0, "price": JSON{"amount": 10, "billing_method": "prepaid", "billing_units": 100, "interval": "month"}}
	for name, c := range map[string]struct {
		plan string
		buy  JSON
		more JSON
		sum  int64
	}{
		"packs from none":        {"mixed", units(50), units(450), 3000},
		"more packs":             {"mixed", units(150), units(450), 4000},
		"an item":                {"pro", nil, JSON{"customize": JSON{"add_items": []JSON{packs}}, "feature_quantities": []JSON{{"feature_id": "words", "quantity": 500}}}, 2000},
		"a price":                {"pro", nil, JSON{"customize": JSON{"price": monthly(60)}}, 2000},
		"tiers, past a free one": {"tiered", units(100), units(600), 1000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := priced(t)
			w.Product("mixed", "main", Price(30), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50}))
			w.Product("tiered", "main", Price(10), JSON{"feature_id": "messages", "usage_model": "prepaid", "interval": "month", "billing_units": 100,
				"tiers": []JSON{{"to": 100, "amount": 0}, {"to": "inf", "amount": 10}}})
			w.Post("/v1/billing.attach", of(c.plan, c.buy))
			update(w, of(c.plan, none, c.more))
			if got := sum(w); got != c.sum {
				t.Errorf("charged %d, want %d", got, c.sum)
			}
			w.Post("/v1/billing.attach", of("ultra", now))
			w.WaitIdle()
			if got := sum(w); got != 20000 {
				t.Errorf("after the upgrade %d are charged, want the 200.00 of the plan", got)
			}
			w.Post("/v1/billing.update", of("ultra", JSON{"cancel_action": "cancel_immediately"}))
			w.WaitIdle()
			if got := sum(w); got != 0 {
				t.Errorf("after the end %d are charged, want 0", got)
			}
		})
	}
}
