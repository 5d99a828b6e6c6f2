package payments

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// endsBeside are ends of a product whose subscription goes on with an add-on, and alone.
var endsBeside = map[string]func(w *World){
	"cancelled":     func(w *World) { w.Cancel("c", "team", Immediately()) },
	"with a credit": func(w *World) { w.Cancel("c", "team", Immediately(), JSON{"prorate": true}) },
	"free at once":  func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
}

// A version that was taken over, or packs that staff changed, in the draft hour: the
// draft charges what was there before, and an end in that hour takes that off, nothing of
// it comes back, and nothing waits for the add-on that goes on.
func TestEndsInTheDraftHourAfterAnExchangeWithoutACharge(t *testing.T) {
	for name, change := range map[string]func(w *World){
		"a version": func(w *World) {
			w.Post("/v1/products/team", JSON{"items": []JSON{Price(66), Prepaid("words", 10, 100, "month")}})
			w.Attach("c", "team", Quantity("words", 400))
		},
		"more packs by staff":  func(w *World) { packsAtStripe(w, 6) },
		"fewer packs by staff": func(w *World) { packsAtStripe(w, 1) },
	} {
		for how, end := range endsBeside {
			for _, beside := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, beside another %v", name, how, beside), func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.Feature("words", "single_use")
					w.Feature("messages", "single_use")
					w.Product("free", "main", Messages(1)).Default()
					w.Product("team", "main", Price(60), Prepaid("words", 10, 100, "month"))
					w.Product("more", "", Price(30)).AddOn()
					w.CustomerWithEmailAndCard("c")
					want, holds := int64(6000+4000), []string{"team"}
					if beside {
						want, holds = want+3*3000, append(holds, "more")
					}
					w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_ids": holds}, Quantity("words", 400)))
					w.AdvanceTo(T1.Add(10 * time.Minute))
					change(w)
					end(w)
					w.AdvanceTo(T2.AddDate(0, 0, 5))
					sum := int64(0)
					for _, in := range w.Invoices("c") {
						if in.Status == "paid" {
							sum += in.Total
						}
					}
					if sum < want-2 || sum > want+2 { // cents of Stripe's rounding
						t.Errorf("%d are paid, want %d: %v", sum, want, w.Invoices("c"))
					}
				})
			}
		}
	}
}

// A version that was taken over without a charge is worth at most what was paid for the
// one before, however many prices it has: what left without a credit pays once for all
// that came.
func TestAVersionOfSeveralPricesIsWorthWhatWasPaid(t *testing.T) {
	for name, next := range map[string][3]float64{"all dearer": {120, 20, 6}, "one dearer": {120, 10, 3}, "one dearer, one cheaper": {80, 5, 3}, "all cheaper": {30, 5, 1}} {
		for how, end := range endsBeside {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("words", "single_use")
				w.Feature("messages", "single_use")
				w.Feature("more", "single_use")
				items := func(p [3]float64) []JSON {
					return []JSON{Price(p[0]), Prepaid("words", p[1], 100, "month"), Prepaid("more", p[2], 100, "month")}
				}
				packs := JSON{"options": []JSON{{"feature_id": "words", "quantity": 300}, {"feature_id": "more", "quantity": 100}}}
				w.Product("free", "main", Messages(1)).Default()
				w.Product("team", "main", items([3]float64{60, 10, 3})...)
				w.CustomerWithEmailAndCard("c")
				w.Attach("c", "team", packs)
				w.AdvanceTo(T0.AddDate(0, 0, 15))
				w.Post("/v1/products/team", JSON{"items": items(next)})
				w.Attach("c", "team", packs)
				before := len(w.Invoices("c"))
				end(w)
				w.WaitIdle()
				back := int64(0)
				for _, in := range w.Invoices("c")[before:] {
					back -= in.Total
				}
				if half := int64(6000+3000+300) / 2; back > half+1 {
					t.Errorf("%d came back of %d", back, half)
				}
			})
		}
	}
}

// A discount lowers what a change charges as well as what it credits: seats that were
// there and back in the draft hour stay charged, as their plan does.
func TestThereAndBackWithSeatsAtADiscount(t *testing.T) {
	for _, percent := range []int{0, 50, 100} {
		t.Run(fmt.Sprint(percent), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("team", "main", Price(60), Seats("seats", 1, 20, "prorate_immediately", "none"))
			w.Product("big", "main", Price(160), Seats("seats", 1, 20, "prorate_immediately", "none"))
			w.CustomerWithEmailAndCard("c")
			w.Attach("c", "team")
			w.Track("c", "seats", 2)
			if percent > 0 {
				w.CallStripe("POST", "/v1/coupons", fmt.Sprintf("id=OFF&percent_off=%d&duration=forever", percent))
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=OFF")
			}
			w.AdvanceTo(T1.Add(10 * time.Minute))
			w.Attach("c", "big")
			w.Attach("c", "team", JSON{"plan_schedule": "immediate"})
			w.Cancel("c", "team", Immediately(), JSON{"prorate": true})
			w.AdvanceTo(T1.AddDate(0, 0, 5))
			sum := int64(0)
			for _, in := range w.Invoices("c") {
				if in.Status != "draft" {
					sum += in.Total
				}
			}
			if sum < 7995 || sum > 8005 {
				t.Errorf("%d are paid: %v", sum, w.Invoices("c"))
			}
		})
	}
}
