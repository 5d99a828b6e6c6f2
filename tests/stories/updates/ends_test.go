package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

var later, atOnce, goOn = JSON{"cancel_action": "cancel_end_of_cycle"}, JSON{"cancel_action": "cancel_immediately"}, JSON{"cancel_action": "uncancel"}

var words3 = JSON{"feature_id": "words", "included": 3, "reset": JSON{"interval": "month"}}

// Whoever asked for an end, or for another plan, is not billed for one more month as
// somebody changes an item.
func TestUPD17AnEndStays(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]JSON{
		"items":           {"customize": JSON{"add_items": []JSON{words3}}},
		"a price":         {"customize": JSON{"price": JSON{"amount": 25, "interval": "month"}}},
		"a price for now": {"customize": JSON{"price": JSON{"amount": 19, "interval": "month"}}, "proration_behavior": "none"},
		"a version":       {"version": 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := priced(t, "premium")
			w.Post("/v1/products/premium", JSON{"items": []JSON{Price(55), Messages(1100)}})
			restore := w.Snapshot()
			for _, end := range []func(){
				func() { w.Post("/v1/billing.update", of("premium", later)) },
				func() { w.Cancel("c", "premium") },
				func() { w.Attach("c", "pro") },
			} {
				restore()
				end()
				before := w.Get("/v1/customers/c")["products"]
				for _, path := range []string{"/v1/billing.update", "/v1/billing.preview_update"} {
					if message := w.Refused(400, "invalid_request", path, of("premium", change)); !strings.Contains(message, "uncancel") {
						t.Error(message)
					}
				}
				w.Want("products", w.Get("/v1/customers/c")["products"], before)
			}
			w.Billed("c", 5000)
			w.AdvancePastRenewal(T1)
			w.Billed("c", 5000, 2000)
			restore()
			w.Post("/v1/billing.update", of("premium", later))
			w.Post("/v1/billing.update", of("premium", goOn))
			w.Post("/v1/billing.update", of("premium", change))
			w.HasProducts("c", "premium active")
		})
	}
}

func TestUPD17AnEndOfAnAddOnStays(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro", "addon_words")
	w.Post("/v1/billing.update", of("addon_words", later))
	w.Refused(400, "invalid_request", "/v1/billing.update", of("addon_words", JSON{"customize": JSON{"price": JSON{"amount": 25, "interval": "month"}}}))
	w.Post("/v1/billing.update", of("pro", JSON{"customize": JSON{"add_items": []JSON{words3}}})) // which goes on
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000, 2000)
}

// Seats that are to be billed with the next renewal are billed with the end, and what
// was freed is credited, whatever is asked about the time left.
func TestUPD18AnEndWithoutProrationOfSeats(t *testing.T) {
	t.Parallel()
	for _, terms := range [][2]string{{"prorate_next_cycle", "prorate_next_cycle"}, {"bill_next_cycle", "none"}, {"prorate_immediately", "prorate_immediately"}} {
		t.Run(terms[0], func(t *testing.T) {
			t.Parallel()
			w := priced(t)
			w.Product("seaty", "main", Price(20), Seats("seats", 0, 12, terms[0], terms[1]))
			w.Attach("c", "seaty")
			w.Track("c", "seats", 3)
			w.Advance("10d")
			w.Track("c", "seats", -1)
			w.WaitIdle()
			restore := w.Snapshot()
			update(w, of("seaty", atOnce, none))
			restore()
			update(w, of("seaty", atOnce))
			for _, to := range []string{"pro", "premium"} {
				for _, more := range []JSON{none, {}} {
					restore()
					body := of(to, JSON{"plan_schedule": "immediate"}, more)
					before := sum(w)
					preview := w.Do(w.Stack.Key, "POST", "/v1/billing.preview_attach", body)
					done := w.Do(w.Stack.Key, "POST", "/v1/billing.attach", body)
					w.WaitIdle()
					w.Want("answer", done.Status, preview.Status)
					if done.Status == 200 {
						w.Want(to+" charged as previewed", float64(sum(w)-before), 100*preview.Body["total"].(float64))
					} else {
						w.Want("nothing moved", sum(w)-before, 0)
					}
				}
			}
		})
	}
}

// The end of what runs withdraws what was to follow it: both are as was asked.
func TestUPD19AnEndThatBringsAnother(t *testing.T) {
	t.Parallel()
	w := priced(t, "premium")
	w.Attach("c", "pro")
	w.Advance("15d")
	restore := w.Snapshot()
	for _, first := range []JSON{atOnce, later, goOn} {
		restore()
		body := JSON{"customer_id": "c", "updates": []JSON{Merge(JSON{"plan_id": "premium"}, first), Merge(JSON{"plan_id": "pro"}, later)}}
		before := sum(w)
		preview := w.Post("/v1/billing.preview_multi_update", body)
		w.Post("/v1/billing.multi_update", body)
		w.WaitIdle()
		w.Want("charged", float64(sum(w)-before), 100*preview["total"].(float64))
	}
	w.HasProducts("c", "premium active")
}

// A call that did half of it and was interrupted is repeated without a key: the other half follows.
func TestUPD19TheOtherHalf(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro", "addon_words")
	w.Post("/v1/billing.update", of("pro", atOnce)) // as far as it came
	both := JSON{"customer_id": "c", "updates": []JSON{Merge(JSON{"plan_id": "pro"}, atOnce), Merge(JSON{"plan_id": "addon_words"}, atOnce)}}
	w.Post("/v1/billing.preview_multi_update", both)
	w.Post("/v1/billing.multi_update", both)
	w.HasProducts("c", "free active")
	w.Refused(404, "product_not_found", "/v1/billing.multi_update", both) // nothing of it is there
	never := JSON{"customer_id": "c", "updates": []JSON{Merge(JSON{"plan_id": "premium"}, atOnce), Merge(JSON{"plan_id": "free"}, atOnce)}}
	w.Refused(404, "product_not_found", "/v1/billing.multi_update", never)
	w.HasProducts("c", "free active")
}

func TestUPD19OneSubscriptionTwice(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro", "addon_words")
	id := ValueAt(w.Post("/v1/customers.get", JSON{"customer_id": "c"}), "subscriptions.0.id")
	for _, path := range []string{"/v1/billing.multi_update", "/v1/billing.preview_multi_update"} {
		w.Refused(400, "invalid_inputs", path, JSON{"customer_id": "c", "updates": []JSON{Merge(JSON{"plan_id": "pro"}, atOnce), Merge(JSON{"subscription_id": id}, later)}})
	}
	w.HasProducts("c", "pro active", "addon_words active")
}

// What a schedule asks of the second phase is never left out in silence.
func TestUPD20AScheduleWithOtherTerms(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Product("pack_plan", "main", Price(20), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50}))
	phases := func(more ...JSON) JSON {
		return JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "premium"}}}, {"starts_at": T1.UnixMilli(), "plans": []JSON{Merge(JSON{"plan_id": "pack_plan"}, more...)}}}}
	}
	made := w.Post("/v1/billing.create_schedule", phases(units(250)))
	w.Want("again", w.Post("/v1/billing.create_schedule", phases(units(250)))["phases"], made["phases"])
	for _, other := range []JSON{units(450), {"customize": JSON{"add_items": []JSON{words3}}}, Merge(units(250), JSON{"customize": JSON{"price": JSON{"amount": 5, "interval": "month"}}})} {
		if message := w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases(other)); !strings.Contains(message, "other terms") {
			t.Error(message)
		}
	}
	w.Post("/v1/products/pack_plan", JSON{"items": []JSON{Price(30), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50})}})
	w.Want("version 1", w.Post("/v1/billing.create_schedule", phases(units(250), JSON{"version": 1}))["phases"], made["phases"])
	w.AdvancePastRenewal(T1)
	w.HasBalance("c", "messages", true, 250)
}

// What a discount that runs takes off the next bill is told by every preview.
func TestUPD21TheNextBillUnderADiscount(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "ten", "type": "percentage_discount", "promo_codes": []JSON{{"code": "TEN"}}, "discount_config": JSON{"discount_value": 10, "duration_type": "months", "duration_value": 2, "apply_to_all": true}})
	w.Post("/v1/billing.attach", of("premium", JSON{"discounts": []JSON{{"promotion_code": "TEN"}}}))
	w.Billed("c", 4500)
	for name, more := range map[string]JSON{"as it is": {}, "items": {"customize": JSON{"add_items": []JSON{words3}}}} {
		preview := w.Post("/v1/billing.preview_update", of("premium", more))
		w.Want(name, ValueAt(preview, "next_cycle.total"), 45)
		w.Want(name, preview["total"], 0)
	}
	w.AdvancePastRenewal(T1)
	w.Billed("c", 4500, 4500)
	w.Want("no more", ValueAt(w.Post("/v1/billing.preview_update", of("premium")), "next_cycle.total"), 50)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 4500, 4500, 5000)
}

// A preview may be of the next one: it has no key to say so.
func TestUPD22APreviewOfOneMore(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Post("/v1/billing.attach", of("addon_words"))
	w.Refused(409, "purchase_repeated", "/v1/billing.attach", of("addon_words"))
	w.Want("one more", w.Post("/v1/billing.preview_attach", of("addon_words"))["total"], 20)
	oneMore(w, of("addon_words"))
	w.Billed("c", 2000, 2000, 2000)
}
