package requests

import (
	"testing"

	. "windfall/tests/world"
)

// repeatedShop has customer c with a card on pro, and what is changed, ended and counted in it.
func repeatedShop(t *testing.T) *World {
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/entities.create", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "seats"})
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten"}, PromoCodes("TEN")))
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "feature_grant", "promo_codes": []JSON{{"code": "GIFT"}}, "grants": []JSON{{"feature_id": "words", "included": 100}}})
	w.Post("/v1/reward_programs", JSON{"id": "friends", "reward_id": "ten", "when": "customer_creation", "received_by": "all", "max_redemptions": 5})
	w.Post("/v1/customers", JSON{"id": "friend"})
	w.Notes["code"] = w.Post("/v1/referrals/code", JSON{"customer_id": "friend", "program_id": "friends"})["code"].(string)
	w.Post("/v1/balances.create", JSON{"customer_id": "c", "feature_id": "storage", "included_grant": 5, "balance_id": "own"})
	w.Post("/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 5, "lock": JSON{"enabled": true, "lock_id": "l"}})
	w.WaitIdle()
	return w
}

// Clients repeat a call whose answer they miss, and send no key with most. What each command answers then:
// nothing is charged, ended or given twice, and what is refused says that it was done. What has to be counted as often as it is sent is counted again.
func TestUPD36EachCommandWithoutAKey(t *testing.T) {
	t.Parallel()
	packs := []JSON{{"feature_id": "messages", "quantity": 250}}
	month := JSON{"duration_type": "month", "duration_count": 1}
	c := func(more ...JSON) JSON { return Merge(JSON{"customer_id": "c"}, more...) }
	const same, set, again = "the same answer", "set to the same", "counted again"
	for name, k := range map[string]struct {
		path string
		body JSON
		then string // the code of the second answer, or same, set or again; "" is 200 without an invoice
	}{
		"a plan":             {"attach", c(JSON{"product_id": "g1_pro"}), "product_already_attached"},
		"an upgrade":         {"attach", c(JSON{"product_id": "premium"}), "product_already_attached"},
		"a downgrade":        {"attach", c(JSON{"product_id": "free"}), "invalid_request"}, // it is scheduled already
		"packs":              {"attach", c(JSON{"product_id": "topup", "options": packs}), "purchase_repeated"},
		"an add-on":          {"attach", c(JSON{"product_id": "addon_words"}), "purchase_repeated"},
		"a code":             {"attach", c(JSON{"product_id": "g1_pro", "promo_code": "TEN"}), "product_already_attached"},
		"a page":             {"attach", c(JSON{"product_id": "g1_pro", "force_checkout": true}), same},
		"a bundle":           {"attach", c(JSON{"product_ids": []string{"g1_pro", "addon_words"}}), "invalid_request"},
		"an end later":       {"cancel", c(JSON{"product_id": "pro"}), same},
		"an end now":         {"cancel", c(JSON{"product_id": "pro", "cancel_immediately": true}), "product_not_found"},
		"usage":              {"usage", c(JSON{"feature_id": "messages", "value": 7}), same},
		"a reward":           {"customers/c/coupons/ten", JSON{}, again},
		"a track":            {"track", c(JSON{"feature_id": "messages", "value": 7}), again},
		"a key in the body":  {"track", c(JSON{"feature_id": "messages", "value": 7, "idempotency_key": "k"}), "duplicate_idempotency_key"},
		"an event":           {"events", c(JSON{"feature_id": "messages", "idempotency_key": "k"}), "duplicate_idempotency_key"},
		"a seat":             {"customers/c/entities", JSON{"id": "b", "feature_id": "seats"}, "duplicate_entity_id"},
		"a plan, 2":          {"billing.attach", c(JSON{"plan_id": "g1_pro"}), "plan_already_attached"},
		"an upgrade, 2":      {"billing.attach", c(JSON{"plan_id": "premium"}), "plan_already_attached"},
		"a downgrade, 2":     {"billing.attach", c(JSON{"plan_id": "free"}), "invalid_request"},
		"packs, 2":           {"billing.attach", c(JSON{"plan_id": "topup", "feature_quantities": packs}), "purchase_repeated"},
		"a page, 2":          {"billing.attach", c(JSON{"plan_id": "g1_pro", "redirect_mode": "always"}), same},
		"an entity's":        {"billing.attach", c(JSON{"entity_id": "a", "plan_id": "g1_pro"}), "plan_already_attached"},
		"several":            {"billing.multi_attach", c(JSON{"plans": []JSON{{"plan_id": "topup", "feature_quantities": packs}, {"plan_id": "addon_words"}}}), "purchase_repeated"},
		"another price":      {"billing.update", c(JSON{"plan_id": "pro", "customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}}), ""},
		"an end later, 2":    {"billing.update", c(JSON{"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}), same},
		"an end now, 2":      {"billing.update", c(JSON{"plan_id": "pro", "cancel_action": "cancel_immediately"}), "product_not_found"},
		"ends":               {"billing.multi_update", c(JSON{"updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_immediately"}}}), "product_not_found"},
		"a schedule":         {"billing.create_schedule", c(JSON{"phases": []JSON{{"plans": []JSON{{"plan_id": "g1_pro"}}}, {"starting_after": month, "plans": []JSON{{"plan_id": "g1_starter"}}}}, "discounts": []JSON{{"reward_id": "ten"}}}), ""},
		"a page for a card":  {"billing.setup_payment", c(), same},
		"a track, 2":         {"balances.track", c(JSON{"feature_id": "messages", "value": 7}), again},
		"what is left":       {"balances.update", c(JSON{"feature_id": "messages", "remaining": 70}), set},
		"more":               {"balances.update", c(JSON{"feature_id": "messages", "add_to_balance": 7}), again},
		"what is used":       {"balances.update", c(JSON{"feature_id": "messages", "usage": 7}), same},
		"a balance":          {"balances.create", c(JSON{"feature_id": "storage", "included_grant": 5}), again},
		"a balance by name":  {"balances.create", c(JSON{"feature_id": "storage", "included_grant": 5, "balance_id": "x"}), "duplicate_balance_id"},
		"no balance":         {"balances.delete", c(JSON{"feature_id": "storage", "balance_id": "own"}), "balance_not_found"},
		"a lock":             {"balances.check", c(JSON{"feature_id": "messages", "required_balance": 5, "lock": JSON{"enabled": true, "lock_id": "m"}}), same},
		"a lock's end":       {"balances.finalize", JSON{"lock_id": "l", "action": "confirm"}, same},
		"a seat, 2":          {"entities.create", c(JSON{"entity_id": "b", "feature_id": "seats"}), "duplicate_entity_id"},
		"no seat":            {"entities.delete", c(JSON{"entity_id": "a"}), "entity_not_found"},
		"a code for units":   {"rewards.redeem", c(JSON{"code": "GIFT"}), "customer_already_redeemed_referral_code"},
		"a friend's code":    {"referrals/redeem", c(JSON{"code": "FRIEND"}), "customer_already_redeemed_referral_code"},
		"the customer's end": {"customers.delete", c(JSON{"delete_in_stripe": true}), "customer_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := repeatedShop(t)
			if k.body["code"] == "FRIEND" {
				k.body["code"] = w.Notes["code"]
			}
			first := w.Do(w.Stack.Key, "POST", "/v1/"+k.path, k.body)
			w.Want("at first", first.Status, 200)
			w.WaitIdle()
			tables, objects := w.Stack.Tables(), w.Stack.Objects()
			second := w.Do(w.Stack.Key, "POST", "/v1/"+k.path, k.body)
			w.WaitIdle()
			switch code, _ := second.Body["code"].(string); k.then {
			case again:
				w.Want("status", second.Status, 200)
				return
			case set:
				w.Want("answer", second.Text, first.Text)
				w.HasBalance("c", "messages", true, 70)
				return
			case same:
				w.Want("answer", second.Text, first.Text)
			case "":
				w.Want("status", second.Status, 200)
				w.Want("no invoice", second.Body["invoice"], nil)
			default:
				w.Want("code", code, k.then)
			}
			w.Unchanged(tables, objects)
		})
	}
}

// A cancel that is repeated without a key ends none of the others that the customer has of the product: with a
// key of its own, or a minute later, it does.
func TestUPD36ACancelOfOneOfSeveral(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]JSON{"at once": {"cancel_immediately": true}, "with the period": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			for range 3 {
				w.Attach("c", "addon_words")
				w.Advance("2m")
			}
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			end := Merge(JSON{"customer_id": "c", "product_id": "addon_words"}, how)
			goOn := func() (n int) {
				for _, s := range w.AtStripe("c")["subscriptions"].([]any) {
					if ValueAt(s, "status") == "active" && ValueAt(s, "cancel_at_period_end") == false && ValueAt(s, "cancel_at") == nil {
						n++
					}
				}
				return n
			}
			for n, more := range []func(){
				func() { w.Post("/v1/cancel", end) },
				func() {
					w.Want("by a key", w.Do(w.Stack.Key, "POST", "/v1/cancel", end, IdempotencyKey("two")).Status, 200)
				},
				func() { w.Advance("1m"); w.Post("/v1/cancel", end) },
			} {
				more()
				w.WaitIdle()
				w.Want("go on", goOn(), 3-n)
				if n < 2 {
					w.Refused(409, "cancel_repeated", "/v1/cancel", end)
				}
			}
			w.Billed("c", 2000, 2000, 2000, 2000)
		})
	}
}
