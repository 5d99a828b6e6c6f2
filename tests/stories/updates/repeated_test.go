package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// What cost nothing the first time is not given, or charged, once more by a repetition without a key: a
// trial and a discount are used up by then. With a key of its own, or a minute later, it is.
func TestUPD29WhatCostNothingIsRepeated(t *testing.T) {
	t.Parallel()
	all := JSON{"id": "all", "name": "All", "type": "percentage_discount", "promo_codes": []JSON{{"code": "ALL"}},
		"discount_config": JSON{"discount_value": 100, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true, "price_ids": []string{}}}
	rewarded := func(w *World) { w.Post("/v1/rewards", all) }
	packs := JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}}
	for what, c := range map[string]struct {
		prepare     func(w *World)
		plan        string
		terms       JSON
		once, twice []int64
	}{
		"a trial":               {func(w *World) { w.Product("try", "", Price(20), Consumable("words", 10)).AddOn().Trial(7) }, "try", nil, []int64{2000, 0}, []int64{2000, 0, 2000}},
		"a discount that waits": {func(w *World) { rewarded(w); w.Post("/v1/customers/c/coupons/all", JSON{}) }, "topup", packs, []int64{2000, 0}, []int64{2000, 0, 900}},
		"a discount":            {rewarded, "addon_words", JSON{"discounts": []JSON{{"reward_id": "all"}}}, []int64{2000, 0}, []int64{2000, 0, 0}},
		"use":                   {func(w *World) { w.Product("use", "", Overage("words", 100, 0.1, 1)).AddOn() }, "use", nil, []int64{2000, 0}, []int64{2000, 0, 0}},
		"nothing":               {func(*World) {}, "booster", nil, []int64{2000}, []int64{2000}},
		"nothing, as a list":    {func(*World) {}, "booster", JSON{"plans": []JSON{{"plan_id": "booster"}, {"plan_id": "bonus"}}}, []int64{2000}, []int64{2000}},
	} {
		w := New(t)
		w.PlanChangeCatalog()
		w.CustomerWithCard("c", "pro")
		c.prepare(w)
		path, body := "/v1/billing.attach", Merge(JSON{"customer_id": "c", "plan_id": c.plan}, c.terms)
		if _, several := c.terms["plans"]; several {
			path = "/v1/billing.multi_attach"
			delete(body, "plan_id")
		}
		w.Post(path, body)
		left := w.Check("c", "messages")["balance"]
		w.Refused(409, "purchase_repeated", path, body)
		w.Want(what+": of it", w.CustomerProduct("c", c.plan)["quantity"], 1)
		w.Want(what+": messages", w.Check("c", "messages")["balance"], left)
		w.Billed("c", c.once...)
		w.Post(strings.Replace(path, "billing.", "billing.preview_", 1), body) // it may be of the next one
		w.Want(what+": with a key", w.Do(w.Stack.Key, "POST", path, body, IdempotencyKey("one more")).Status, 200)
		w.WaitIdle()
		w.Billed("c", c.twice...)
	}
}

// A call that is repeated after the card was refused answers the page that it opened; a minute later the
// card is tried again.
func TestUPD30ACardThatIsRefusedIsRepeated(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.PutFailingCard("c")
	body := JSON{"customer_id": "c", "plan_id": "addon_words"}
	page := w.Post("/v1/billing.attach", body)["payment_url"]
	again := w.Post("/v1/billing.attach", body)
	w.Want("the same page", again["payment_url"], page)
	w.Want("why", ValueAt(again, "required_action.code"), "payment_failed")
	w.PutGoodCard("c")
	w.Advance("2m")
	w.Want("no page", w.Post("/v1/billing.attach", body)["payment_url"], nil)
	w.Billed("c", 2000, 2000)
	if a := w.ActOnPage(page.(string), "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
		t.Error("the page could still be paid")
	}
	w.Billed("c", 2000, 2000)
}
