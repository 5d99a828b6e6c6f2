package atstripe

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// teamWithPacks is a customer with the plan team and 2 packs at 7.00, beside an add-on of
// 30.00 or alone.
func teamWithPacks(t *testing.T, beside bool) *World {
	t.Helper()
	w := New(t)
	w.Feature("words", "single_use")
	w.Feature("messages", "single_use")
	w.Product("free", "main", Messages(1)).Default()
	for product, price := range map[string]float64{"small": 20, "team": 60, "big": 160} {
		w.Product(product, "main", Price(price), Prepaid("words", 7, 100, "month"))
	}
	w.Product("plain", "main", Price(10))
	w.Product("more", "", Price(30)).AddOn()
	w.CustomerWithEmailAndCard("c")
	ids := []string{"team"}
	if beside {
		ids = append(ids, "more")
	}
	w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_ids": ids}, Quantity("words", 200)))
	return w
}

// staffSetPacks is done at Stripe's dashboard.
func staffSetPacks(w *World, packs int) {
	w.Helper()
	for _, item := range ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription("c"), ""), "items.data").([]any) {
		if ValueAt(item, "price.unit_amount").(float64) == 700 {
			w.ChangeSubscription("c", JSON{"items": []JSON{{"id": ValueAt(item, "id"), "quantity": packs}}, "proration_behavior": "create_prorations"})
			return
		}
	}
	w.Fatal("no packs")
}

func billedInAll(w *World) (sum int64) {
	w.Helper()
	for _, in := range w.Invoices("c") {
		if in.Status != "draft" && in.Status != "void" {
			sum += in.Total
		}
	}
	return sum
}

// In the hour in which the renewal is a draft the plan changes, staff change the packs, and
// all ends with a credit: what the changes have charged comes back whole.
func TestStaffsPacksAfterAChangeInTheDraftHour(t *testing.T) {
	for _, path := range [][]string{{"small"}, {"big"}, {"big", "team"}, {"small", "big"}} {
		for _, packs := range []int{1, 4} {
			for beside, want := range map[bool]int64{false: 7400, true: 10400} {
				t.Run(fmt.Sprint(path, packs, beside), func(t *testing.T) {
					t.Parallel()
					w := teamWithPacks(t, beside)
					w.AdvanceTo(T1.Add(10 * time.Minute))
					for _, to := range path {
						w.Attach("c", to, JSON{"plan_schedule": "immediate"}, Quantity("words", 200))
					}
					staffSetPacks(w, packs)
					w.Cancel("c", path[len(path)-1], Immediately(), JSON{"prorate": true})
					if beside {
						w.Cancel("c", "more", Immediately(), JSON{"prorate": true})
					}
					w.AdvanceTo(T1.AddDate(0, 0, 5))
					if got := billedInAll(w); got < want-20 || got > want+20 { // some minutes of May
						t.Errorf("paid %d, due %d: %v", got, want, w.Invoices("c"))
					}
				})
			}
		}
	}
}

// Without a credit the packs of the change stay paid, less or more by what staff changed.
func TestStaffsPacksAfterAChangeThatEndsWithoutACredit(t *testing.T) {
	for packs, want := range map[int]int64{1: 24100, 4: 26200, 20: 37400} {
		t.Run(fmt.Sprint(packs), func(t *testing.T) {
			t.Parallel()
			w := teamWithPacks(t, true)
			w.AdvanceTo(T1.Add(10 * time.Minute))
			w.Attach("c", "big", Quantity("words", 200))
			staffSetPacks(w, packs)
			w.Cancel("c", "big", Immediately())
			w.AdvanceTo(T2.AddDate(0, 0, 5))
			if got := billedInAll(w) - 9000; got < want-20 || got > want+20 {
				t.Errorf("paid %d, due %d: %v", got, want, w.Invoices("c"))
			}
		})
	}
}

// Staff set the packs to 0: the item with nothing in it goes with its plan, and the add-on
// beside it can be ended.
func TestAnItemThatStaffEmptiedGoesWithItsPlan(t *testing.T) {
	for name, end := range map[string]func(w *World){
		"an end":               func(w *World) { w.Cancel("c", "team", Immediately()) },
		"an end with a credit": func(w *World) { w.Cancel("c", "team", Immediately(), JSON{"prorate": true}) },
		"the free plan":        func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
		"another plan":         func(w *World) { w.Attach("c", "plain", JSON{"plan_schedule": "immediate"}) },
		"another plan's packs": func(w *World) { w.Attach("c", "big", Quantity("words", 300)) },
		"packs again":          func(w *World) { w.Attach("c", "team", Quantity("words", 100)) },
		"an end with the period": func(w *World) {
			w.Cancel("c", "team")
			w.AdvancePastRenewal(T1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := teamWithPacks(t, true)
			w.AdvanceTo(T0.Add(48 * time.Hour))
			staffSetPacks(w, 0)
			end(w)
			w.WaitIdle()
			w.Cancel("c", "more", Immediately())
		})
	}
}
