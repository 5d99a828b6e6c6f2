package security

import (
	"slices"
	"strings"
	"testing"

	"windfall/shared/api/endpoints"
	. "windfall/tests/world"
)

// A call has its effect if it is made with a secret key in the shop.
type call struct {
	route string // as the function lists it
	path  string
	body  JSON
}

func (c call) method() string { method, _, _ := strings.Cut(c.route, " "); return method }

// calls has every route that an application calls.
var calls = []call{
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"}},
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "someone", "product_id": "pro"}},
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "open", "product_id": "premium"}},
	{"POST /v1/attach/preview", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"}},
	{"POST /v1/checkout", "/v1/checkout", JSON{"customer_id": "someone", "product_id": "premium"}},
	{"POST /v1/billing.attach", "/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "g1_pro"}},
	{"POST /v1/billing.attach", "/v1/billing.attach", JSON{"customer_id": "someone", "plan_id": "pro"}},
	{"POST /v1/billing.preview_attach", "/v1/billing.preview_attach", JSON{"customer_id": "c", "plan_id": "premium"}},
	{"POST /v1/billing.multi_attach", "/v1/billing.multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "g1_pro"}, {"plan_id": "addon_words"}}}},
	{"POST /v1/billing.preview_multi_attach", "/v1/billing.preview_multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "g1_pro"}}}},
	{"POST /v1/billing.update", "/v1/billing.update", JSON{"customer_id": "c", "plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}},
	{"POST /v1/billing.preview_update", "/v1/billing.preview_update", JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}},
	{"POST /v1/billing.multi_update", "/v1/billing.multi_update", JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_immediately"}}}},
	{"POST /v1/billing.preview_multi_update", "/v1/billing.preview_multi_update", JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_immediately"}}}},
	{"POST /v1/billing.create_schedule", "/v1/billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "g1_pro"}}}, {"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "g1_premium"}}}}}},
	{"POST /v1/cancel", "/v1/cancel", JSON{"customer_id": "c", "product_id": "pro"}},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "send_event": true, "with_preview": true}},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "blank", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "blank", "product_id": "pro", "customer_data": data, "with_preview": true}},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "someone", "product_id": "pro", "customer_data": JSON{"email": "prepared@x.y"}}},
	{"POST /v1/entitled", "/v1/entitled", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": JSON{"email": "prepared@x.y"}}},
	{"POST /v1/track", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 3}},
	{"POST /v1/track", "/v1/track", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/balances.batch_track", "/v1/balances.batch_track", JSON{"customer_id": "c", "feature_id": "messages", "value": 3}},
	{"POST /v1/balances.batch_track", "/v1/balances.batch_track", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/events", "/v1/events", JSON{"customer_id": "c", "feature_id": "messages"}},
	{"POST /v1/usage", "/v1/usage", JSON{"customer_id": "c", "feature_id": "messages", "value": 30}},
	{"POST /v1/customers/{customer_id}/balances", "/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 30}}}},
	{"POST /v1/events/list", "/v1/events/list", JSON{"customer_id": "c"}},
	{"POST /v1/events/aggregate", "/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages"}},
	{"POST /v1/query", "/v1/query", JSON{"customer_id": "c", "feature_id": "messages"}},
	{"POST /v1/customers", "/v1/customers", Merge(JSON{"id": "new"}, data)},
	{"POST /v1/customers", "/v1/customers", JSON{"id": "claims", "email": "prepared@x.y"}},
	{"GET /v1/customers", "/v1/customers", nil},
	{"GET /v1/customers/{customer_id}", "/v1/customers/c?expand=invoices,trials_used,rewards,referrals", nil},
	{"POST /v1/customers/{customer_id}", "/v1/customers/c", JSON{"name": "N"}},
	{"PATCH /v1/customers/{customer_id}", "/v1/customers/c", JSON{"id": "renamed"}},
	{"DELETE /v1/customers/{customer_id}", "/v1/customers/blank", nil},
	{"GET /v1/customers/{customer_id}/audit", "/v1/customers/c/audit", nil},
	{"POST /v1/customers/{customer_id}/entities", "/v1/customers/c/entities", JSON{"id": "seat", "feature_id": "seats"}},
	{"GET /v1/customers/{customer_id}/entities", "/v1/customers/c/entities", nil},
	{"GET /v1/customers/{customer_id}/entities/{entity_id}", "/v1/customers/c/entities/desk", nil},
	{"DELETE /v1/customers/{customer_id}/entities/{entity_id}", "/v1/customers/c/entities/desk", nil},
	{"POST /v1/customers/{customer_id}/billing_portal", "/v1/customers/c/billing_portal", JSON{}},
	{"GET /v1/customers/{customer_id}/billing_portal", "/v1/customers/c/billing_portal", nil},
	{"POST /v1/setup_payment", "/v1/setup_payment", JSON{"customer_id": "someone"}},
	{"GET /v1/features", "/v1/features", nil},
	{"POST /v1/features", "/v1/features", JSON{"id": "f", "name": "F", "type": "single_use"}},
	{"GET /v1/features/{feature_id}", "/v1/features/messages", nil},
	{"POST /v1/features/{feature_id}", "/v1/features/messages", JSON{"name": "M"}},
	{"DELETE /v1/features/{feature_id}", "/v1/features/action2", nil},
	{"GET /v1/products", "/v1/products?customer_id=someone", nil},
	{"GET /v1/products_beta", "/v1/products_beta", nil},
	{"GET /v1/products/{product_id}", "/v1/products/pro", nil},
	{"POST /v1/products", "/v1/products", JSON{"id": "p", "name": "P", "items": []JSON{Price(1)}}},
	{"POST /v1/products/{product_id}", "/v1/products/ultra", JSON{"name": "U"}},
	{"PATCH /v1/products/{product_id}", "/v1/products/ultra", JSON{"archived": true}},
	{"DELETE /v1/products/{product_id}", "/v1/products/ultra", nil},
	{"GET /v1/rewards/{reward_id}", "/v1/rewards/gift", nil},
	{"POST /v1/rewards", "/v1/rewards", JSON{"id": "gift2", "name": "g", "type": "free_product", "free_product_id": "bonus"}},
	{"POST /v1/rewards/{reward_id}", "/v1/rewards/gift", JSON{"name": "G"}},
	{"PUT /v1/rewards/{reward_id}", "/v1/rewards/gift", JSON{"name": "Gift"}},
	{"POST /v1/rewards/{reward_id}/promo_codes", "/v1/rewards/gift/promo_codes", JSON{"code": "FALL25", "max_redemptions": 5}},
	{"GET /v1/rewards/{reward_id}/promo_codes", "/v1/rewards/gift/promo_codes", nil},
	{"GET /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/OLD", nil},
	{"POST /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/OLD", JSON{"metadata": JSON{"k": "v"}}},
	{"DELETE /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/OLD", nil},
	{"POST /v1/rewards/redeem", "/v1/rewards/redeem", JSON{"customer_id": "c", "code": "GIFT"}},
	{"POST /v1/customers/{customer_id}/coupons/{reward_id}", "/v1/customers/c/coupons/gift", JSON{}},
	{"POST /v1/rewards/explain", "/v1/rewards/explain", JSON{"customer_id": "c", "code": "GIFT"}},
	{"DELETE /v1/rewards/{reward_id}", "/v1/rewards/spare", nil},
	{"POST /v1/reward_programs", "/v1/reward_programs", JSON{"id": "second", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"}},
	{"PUT /v1/reward_programs/{program_id}", "/v1/reward_programs/both", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "referrer"}},
	{"DELETE /v1/reward_programs/{program_id}", "/v1/reward_programs/both", nil},
	{"POST /v1/referrals/code", "/v1/referrals/code", JSON{"customer_id": "c", "program_id": "both"}},
	{"POST /v1/referrals/redeem", "/v1/referrals/redeem", JSON{"customer_id": "c", "code": "CODE"}},
	{"GET /v1/rewards", "/v1/rewards", nil},
	{"GET /v1/reward_programs", "/v1/reward_programs", nil},
	{"GET /v1/reward_programs/{program_id}", "/v1/reward_programs/both", nil},
	{"POST /v1/customers.get_or_create", "/v1/customers.get_or_create", Merge(JSON{"customer_id": "new"}, data)},
	{"POST /v1/customers.get_or_create", "/v1/customers.get_or_create", JSON{"customer_id": nil, "email": "nobody@x.y"}},
	{"POST /v1/customers.get", "/v1/customers.get", JSON{"customer_id": "c", "expand": []string{"invoices", "trials_used", "rewards", "referrals", "balances.feature"}}},
	{"POST /v1/customers.list", "/v1/customers.list", JSON{"start_cursor": "", "limit": 50}},
	{"POST /v1/customers.update", "/v1/customers.update", JSON{"customer_id": "c", "new_customer_id": "renamed", "name": "N"}},
	{"POST /v1/customers.delete", "/v1/customers.delete", JSON{"customer_id": "blank"}},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "send_event": true, "with_preview": true}},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/balances.track", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "messages", "value": 3}},
	{"POST /v1/balances.track", "/v1/balances.track", JSON{"customer_id": "someone", "feature_id": "messages", "customer_data": data}},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 9, "lock": JSON{"enabled": true, "lock_id": "job"}}},
	{"POST /v1/balances.track", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "messages", "value": 9, "lock": JSON{"enabled": true, "lock_id": "job"}}},
	{"POST /v1/balances.finalize", "/v1/balances.finalize", JSON{"lock_id": "open", "action": "confirm", "override_value": 3}},
	{"POST /v1/balances.create", "/v1/balances.create", JSON{"customer_id": "c", "feature_id": "messages", "included_grant": 50, "reset": JSON{"interval": "week"}}},
	{"POST /v1/balances/create", "/v1/balances/create", JSON{"customer_id": "c", "feature_id": "messages", "granted_balance": 50}},
	{"POST /v1/balances.update", "/v1/balances.update", JSON{"customer_id": "c", "feature_id": "words", "included_grant": 70}},
	{"POST /v1/balances.delete", "/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "words"}},
	{"POST /v1/balances.list", "/v1/balances.list", JSON{"customer_id": "c"}},
	{"POST /v1/features.list", "/v1/features.list", JSON{}},
	{"POST /v1/features.get", "/v1/features.get", JSON{"feature_id": "messages"}},
	{"POST /v1/features.create", "/v1/features.create", JSON{"feature_id": "f", "name": "F", "type": "metered", "consumable": true}},
	{"POST /v1/features.update", "/v1/features.update", JSON{"feature_id": "messages", "name": "M"}},
	{"POST /v1/entities.create", "/v1/entities.create", JSON{"customer_id": "c", "entity_id": "seat", "feature_id": "seats", "name": "Seat"}},
	{"POST /v1/entities.get", "/v1/entities.get", JSON{"customer_id": "c", "entity_id": "desk", "expand": []string{"invoices"}}},
	{"POST /v1/entities.update", "/v1/entities.update", JSON{"customer_id": "c", "entity_id": "desk", "name": "Front desk"}},
	{"POST /v1/entities.delete", "/v1/entities.delete", JSON{"customer_id": "c", "entity_id": "desk"}},
	{"POST /v1/entities.list", "/v1/entities.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 50}},
	{"POST /v1/features.delete", "/v1/features.delete", JSON{"feature_id": "action2"}},
	{"POST /v1/plans.list", "/v1/plans.list", JSON{"customer_id": "someone"}},
	{"POST /v1/plans.get", "/v1/plans.get", JSON{"plan_id": "pro"}},
	{"POST /v1/plans.create", "/v1/plans.create", JSON{"plan_id": "p", "name": "P", "price": JSON{"amount": 1, "interval": "month"}}},
	{"POST /v1/plans.update", "/v1/plans.update", JSON{"plan_id": "ultra", "name": "U"}},
	{"POST /v1/plans.delete", "/v1/plans.delete", JSON{"plan_id": "ultra"}},
	{"POST /v1/catalog.preview_update", "/v1/catalog.preview_update", JSON{"plans": []any{}}},
	{"POST /v1/catalog.update", "/v1/catalog.update", JSON{"features": []JSON{{"feature_id": "f", "name": "F", "type": "boolean"}}, "skip_deletions": true}},
	{"GET /v1/components/pricing_table", "/v1/components/pricing_table?customer_id=someone", nil},
	{"DELETE /v1/customers/{customer_id}/coupons", "/v1/customers/discounted/coupons", nil},
	{"DELETE /v1/customers/{customer_id}/coupons/{reward_id}", "/v1/customers/discounted/coupons/tenth", nil},
	{"POST /v1/rewards.create", "/v1/rewards.create", JSON{"feature_grant": JSON{"id": "beta", "name": "Beta", "grants": []JSON{{"feature_id": "messages", "included": 5, "expiry": nil}}, "promo_codes": []JSON{{"code": "BETA", "max_uses": 5}}}}},
	{"POST /v1/rewards.get", "/v1/rewards.get", JSON{"reward_id": "gift"}},
	{"POST /v1/rewards.list", "/v1/rewards.list", JSON{}},
	{"POST /v1/rewards.update", "/v1/rewards.update", JSON{"reward_id": "tenth", "coupon": JSON{"name": "T", "plan_ids": []string{"pro"}}}},
	{"POST /v1/rewards.delete", "/v1/rewards.delete", JSON{"reward_id": "spare"}},
	{"POST /v1/rewards.redeem", "/v1/rewards.redeem", JSON{"customer_id": "c", "code": "GIFT"}},
	{"POST /v1/referral_programs.create", "/v1/referral_programs.create", JSON{"id": "third", "reward_id": "gift", "redeem_on": "customer_creation", "received_by": "all"}},
	{"POST /v1/referral_programs.get", "/v1/referral_programs.get", JSON{"referral_program_id": "both"}},
	{"POST /v1/referral_programs.list", "/v1/referral_programs.list", JSON{}},
	{"POST /v1/referral_programs.update", "/v1/referral_programs.update", JSON{"referral_program_id": "both", "max_redemptions": 7}},
	{"POST /v1/referral_programs.delete", "/v1/referral_programs.delete", JSON{"referral_program_id": "both"}},
	{"POST /v1/referrals.create_code", "/v1/referrals.create_code", JSON{"customer_id": "c", "program_id": "both"}},
	{"POST /v1/referrals.redeem_code", "/v1/referrals.redeem_code", JSON{"customer_id": "c", "code": "CODE"}},
	{"POST /v1/events.list", "/v1/events.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 50}},
	{"POST /v1/events.aggregate", "/v1/events.aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "3bc", "bin_size": "month"}},
	{"POST /v1/invoices.list", "/v1/invoices.list", JSON{"customer_id": "c"}},
	{"POST /v1/subscriptions.list", "/v1/subscriptions.list", JSON{"customer_id": "c", "statuses": []any{"active", "expired"}}},
	{"POST /v1/purchases.list", "/v1/purchases.list", JSON{"start_cursor": "", "limit": 50}},
	{"POST /v1/billing.open_customer_portal", "/v1/billing.open_customer_portal", JSON{"customer_id": "c"}},
	{"POST /v1/billing.setup_payment", "/v1/billing.setup_payment", JSON{"customer_id": "c"}},
	{"GET /v1/organization/me", "/v1/organization/me", nil},
	{"GET /v1/settings", "/v1/settings", nil},
	{"PATCH /v1/settings", "/v1/settings", JSON{"keep_access_when_past_due": true}},
	{"GET /v1/settings/audit", "/v1/settings/audit", nil},
	{"GET /v1/redemptions", "/v1/redemptions", nil},
	{"GET /v1/redemptions/{redemption_id}", "/v1/redemptions/REDEMPTION", nil},
	{"POST /v1/redemptions/{redemption_id}/approve", "/v1/redemptions/HELD/approve", JSON{}},
	{"POST /v1/redemptions/{redemption_id}/reject", "/v1/redemptions/HELD/reject", JSON{"reason": "the same person"}},
}

// data is a full customer_data.
var data = JSON{"name": "Mallory", "email": "mallory@x.y", "fingerprint": "device", "metadata": JSON{"k": "v"}}

// shop is a world in which each of the calls has an effect. It returns the
// calls with the ids of the shop.
func shop(t *testing.T) (*World, []call) {
	w := New(t)
	w.StandardCatalog()
	for _, id := range []string{"gift", "spare"} {
		w.Post("/v1/rewards", JSON{"id": id, "name": id, "type": "free_product", "free_product_id": "bonus"})
	}
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "tenth"}))
	w.Post("/v1/rewards/gift/promo_codes", JSON{"code": "OLD"})
	w.Post("/v1/rewards/gift/promo_codes", JSON{"code": "GIFT"})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"})
	w.Post("/v1/reward_programs", JSON{"id": "later", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "hold_days": 3})
	for _, id := range []string{"referrer", "redeemer", "blank", "open"} {
		w.Post("/v1/customers", JSON{"id": id})
	}
	w.Post("/v1/customers", JSON{"email": "prepared@x.y", "name": "Prepared"})
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "referrer", "program_id": "both"})["code"].(string)
	redemption := w.Post("/v1/referrals/redeem", JSON{"customer_id": "redeemer", "code": code})["id"].(string)
	later := w.Post("/v1/referrals/code", JSON{"customer_id": "referrer", "program_id": "later"})["code"].(string)
	held := w.Post("/v1/referrals/redeem", JSON{"customer_id": "redeemer", "code": later})["id"].(string)
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 7)
	w.GiveBalance("c", "words", JSON{"included_grant": 60})
	w.Lock("c", "messages", "open", 5)
	w.Post("/v1/customers/c/entities", JSON{"id": "desk", "feature_id": "seats"})
	w.Attach("open", "pro") // its page stays open
	w.Post("/v1/customers", JSON{"id": "discounted"})
	w.Post("/v1/customers/discounted/coupons/tenth", JSON{})
	named := slices.Clone(calls)
	for i, c := range named {
		named[i].path = strings.NewReplacer("REDEMPTION", redemption, "HELD", held).Replace(c.path)
		if c.body["code"] == "CODE" {
			named[i].body = JSON{"customer_id": c.body["customer_id"], "code": code}
		}
	}
	return w, named
}

// Every route is in the list, and each of its calls succeeds with a secret key:
// a call that always fails would prove nothing.
func TestTheCallsAreThoseOfEveryRoute(t *testing.T) {
	t.Parallel()
	for name, routes := range endpoints.Routes() {
		for _, route := range routes {
			if !slices.ContainsFunc(calls, func(c call) bool { return c.route == route }) && name != "unknown_route" && name != "stripe_webhook" {
				t.Errorf("%s (function %s) has no call in calls_test.go", route, name)
			}
		}
	}
	w, named := shop(t)
	restore := w.Snapshot()
	for _, c := range named {
		if a := w.Do(w.Stack.Key, c.method(), c.path, c.body); a.Status/100 != 2 {
			t.Errorf("%s %s: %d %s", c.method(), c.path, a.Status, a.Text)
		}
		restore()
	}
}
