package payments

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// What waited for a renewal is on its draft, and pays for nothing of the period that
// begins: whoever ends in the draft hour has it, and neither pays for that period nor
// is credited any of it, however the end is asked for.
func TestEndsInTheDraftHourOfARenewalWithACredit(t *testing.T) {
	ends := map[string]func(w *World){
		"cancelled":                   func(w *World) { w.Cancel("c", "team", Immediately()) },
		"with a credit":               func(w *World) { w.Cancel("c", "team", Immediately(), JSON{"prorate": true}) },
		"free at once":                func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
		"deleted at Stripe, credited": func(w *World) { w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "prorate=true") },
	}
	half := func(cents int64) int64 { return cents / 2 }
	waits := map[string]struct {
		does func(w *World)
		sum  int64
	}{
		"a seat freed":     {func(w *World) { w.Track("c", "seats", -1) }, -half(100)},
		"all seats freed":  {func(w *World) { w.Track("c", "seats", -3) }, -3 * half(100)},
		"freed and taken":  {func(w *World) { w.Track("c", "seats", -2); w.Track("c", "seats", 2) }, 0},
		"staff's more":     {func(w *World) { packsAtStripe(w, 6) }, 2 * half(1000)},
		"staff's fewer":    {func(w *World) { packsAtStripe(w, 1) }, -3 * half(1000)},
		"and back at once": {func(w *World) { packsAtStripe(w, 6); packsAtStripe(w, 4) }, 0},
	}
	for what, wait := range waits {
		for how, end := range ends {
			for _, beside := range []bool{false, true} {
				if beside && how == "deleted at Stripe, credited" {
					continue // it takes the other one with it
				}
				t.Run(fmt.Sprintf("%s, %s, beside another %v", what, how, beside), func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.Feature("seats", "continuous_use")
					w.Feature("words", "single_use")
					w.Feature("messages", "single_use")
					w.Product("free", "main", Messages(1)).Default()
					w.Product("team", "main", Price(60), Seats("seats", 1, 1, "prorate_immediately", "prorate_immediately"), Prepaid("words", 10, 100, "month"))
					w.Product("more", "", Price(30)).AddOn()
					w.CustomerWithEmailAndCard("c")
					want := int64(6000 + 4000 + 300)
					if beside {
						w.Post("/v1/attach", Merge(JSON{"customer_id": "c", "product_ids": []string{"team", "more"}}, Quantity("words", 400)))
						want += 3000 + 3000
					} else {
						w.Attach("c", "team", Quantity("words", 400))
					}
					w.Track("c", "seats", 4)
					w.AdvanceTo(T0.AddDate(0, 0, 15))
					wait.does(w)
					w.AdvanceTo(T1.Add(10 * time.Minute))
					end(w)
					w.AdvanceTo(T1.AddDate(0, 0, 5))
					netInAll(w, "c", want+wait.sum)
				})
			}
		}
	}
}

// packsAtStripe has staff set a number of packs at Stripe, for the next invoice.
func packsAtStripe(w *World, packs int) {
	w.Helper()
	for _, item := range ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription("c"), ""), "items.data").([]any) {
		if ValueAt(item, "price.unit_amount").(float64) == 1000 {
			w.ChangeSubscription("c", JSON{"items": []JSON{{"id": ValueAt(item, "id"), "quantity": packs}}, "proration_behavior": "create_prorations"})
		}
	}
}

// Products of one subscription end one after the other in the draft hour: each period is
// taken off once, and what was used is paid.
func TestOneAfterTheOtherEndsInTheDraftHour(t *testing.T) {
	ends := map[string]func(w *World, product string){
		"cancelled":     func(w *World, product string) { w.Cancel("c", product, Immediately()) },
		"with a credit": func(w *World, product string) { w.Cancel("c", product, Immediately(), JSON{"prorate": true}) },
	}
	ends["deleted at Stripe"] = func(w *World, _ string) { w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "") }
	for _, order := range [][]string{{"use", "more", "third"}, {"third", "more", "use"}, {"more", "third", "use"}} {
		for first, end := range ends {
			for then, last := range ends {
				if first == "deleted at Stripe" {
					continue // nothing is left to end
				}
				t.Run(fmt.Sprintf("%s %s, then %s", order, first, then), func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.Feature("words", "single_use")
					w.Product("use", "main", Price(20), Overage("words", 0, 1, 1))
					w.Product("more", "", Price(30)).AddOn()
					w.Product("third", "", Price(7)).AddOn()
					w.CustomerWithEmailAndCard("c")
					w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"use", "more", "third"}})
					w.Track("c", "words", 5)
					w.AdvanceTo(T1.Add(10 * time.Minute))
					end(w, order[0])
					end(w, order[1])
					last(w, order[2])
					w.AdvanceTo(T1.AddDate(0, 0, 5))
					netInAll(w, "c", 5700+500)
				})
			}
		}
	}
}

// Seats that wait for the next invoice are not charged where their plan ends in the draft
// hour, also if another product goes on.
func TestSeatsThatWaitEndWithTheirPlanInTheDraftHour(t *testing.T) {
	for _, rule := range []string{"prorate_next_cycle", "bill_next_cycle"} {
		for _, beside := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, beside another %v", rule, beside), func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("seats", "continuous_use")
				w.Product("team", "main", Price(60), Seats("seats", 1, 20, rule, "none"))
				w.Product("more", "", Price(30)).AddOn()
				w.CustomerWithEmailAndCard("c")
				want := int64(6000)
				if beside {
					w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"team", "more"}})
					want += 3 * 3000
				} else {
					w.Attach("c", "team")
				}
				w.AdvanceTo(T1.Add(10 * time.Minute))
				w.Track("c", "seats", 3)
				w.Cancel("c", "team", Immediately())
				w.AdvanceTo(T2.AddDate(0, 0, 5))
				netInAll(w, "c", want)
			})
		}
	}
}

// A plan changed there and back in the draft hour has begun its period: it is charged once,
// and stays so when the customer ends without a credit.
func TestThereAndBackInTheDraftHour(t *testing.T) {
	for _, between := range []string{"", "5m"} {
		for _, path := range [][]string{{"pro"}, {"pro", "big"}, {"pro", "big", "pro"}} {
			t.Run(fmt.Sprint(path, between), func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("words", "single_use")
				w.Product("pro", "main", Price(20))
				w.Product("big", "main", Price(90), Overage("words", 0, 1, 1))
				w.CustomerWithEmailAndCard("c")
				w.Attach("c", "big")
				w.Track("c", "words", 5)
				w.AdvanceTo(T1)
				now := "big"
				for _, to := range path {
					w.Attach("c", to, JSON{"plan_schedule": "immediate"})
					if now = to; between != "" {
						w.Advance(between)
					}
				}
				w.Cancel("c", now, Immediately())
				w.AdvanceTo(T1.AddDate(0, 0, 5))
				price := map[string]int64{"pro": 2000, "big": 9000}[now]
				paid := int64(0)
				for _, in := range w.Invoices("c") {
					if in.Status == "paid" {
						paid += in.Total
					}
				}
				if off := paid - (9000 + 500 + price); off < -3 || off > 3 { // the minutes between are paid at the price of then, with some cents of rounding
					if between == "" || off < -3 || off > 30 {
						w.Errorf("%d are paid", paid)
					}
				}
			})
		}
	}
}
