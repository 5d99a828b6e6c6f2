package requests

import (
	"slices"
	"strings"
	"testing"

	"windfall/shared/api/endpoints"
	. "windfall/tests/world"
)

// A question is a call that must leave everything as it is, but the count of
// unknown codes: a read, or a refused call.
type question struct {
	route  string // as the function lists it
	path   string
	body   any
	status int
}

// questions has at least one call for every route: the read itself of a read,
// and a refusal of every route. A new route needs its lines here.
var questions = []question{
	{"GET /v1/customers", "/v1/customers?limit=5", nil, 200},
	{"GET /v1/customers", "/v1/customers?limit=0", nil, 400},
	{"GET /v1/customers/{customer_id}", "/v1/customers/c?expand=invoices", nil, 200},
	{"GET /v1/customers/{customer_id}", "/v1/customers/nobody", nil, 404},
	{"GET /v1/customers/{customer_id}/entities", "/v1/customers/c/entities", nil, 200},
	{"GET /v1/customers/{customer_id}/entities", "/v1/customers/nobody/entities", nil, 404},
	{"GET /v1/customers/{customer_id}/entities/{entity_id}", "/v1/customers/c/entities/nothing", nil, 404},
	{"POST /v1/customers/{customer_id}/entities", "/v1/customers/nobody/entities", JSON{"id": "e", "feature_id": "messages"}, 404},
	{"POST /v1/customers/{customer_id}/entities", "/v1/customers/nobody/entities", JSON{"id": "e", "feature_id": "messages", "customer_data": JSON{"name": "N"}}, 400},
	{"DELETE /v1/customers/{customer_id}/entities/{entity_id}", "/v1/customers/c/entities/nothing", nil, 404},
	{"GET /v1/features", "/v1/features", nil, 200},
	{"GET /v1/features/{feature_id}", "/v1/features/messages", nil, 200},
	{"GET /v1/features/{feature_id}", "/v1/features/nothing", nil, 404},
	{"GET /v1/products", "/v1/products?customer_id=c", nil, 200},
	{"GET /v1/products_beta", "/v1/products_beta", nil, 200},
	{"GET /v1/products/{product_id}", "/v1/products/pro", nil, 200},
	{"GET /v1/products/{product_id}", "/v1/products/nothing", nil, 404},
	{"GET /v1/components/pricing_table", "/v1/components/pricing_table?customer_id=c", nil, 200},
	{"GET /v1/settings", "/v1/settings", nil, 200},
	{"PATCH /v1/settings", "/v1/settings", JSON{"no_such_setting": true}, 400},
	{"GET /v1/settings/audit", "/v1/settings/audit", nil, 200},
	{"GET /v1/reward_programs", "/v1/reward_programs", nil, 200},
	{"GET /v1/reward_programs/{program_id}", "/v1/reward_programs/both", nil, 200},
	{"GET /v1/reward_programs/{program_id}", "/v1/reward_programs/nothing", nil, 404},
	{"GET /v1/rewards", "/v1/rewards", nil, 200},
	{"GET /v1/rewards/{reward_id}", "/v1/rewards/gift", nil, 200},
	{"GET /v1/rewards/{reward_id}", "/v1/rewards/nothing", nil, 404},
	{"GET /v1/redemptions", "/v1/redemptions?status=held&program_id=both&customer_id=c", nil, 200},
	{"GET /v1/redemptions/{redemption_id}", "/v1/redemptions/rr_nothing", nil, 404},
	{"POST /v1/redemptions/{redemption_id}/approve", "/v1/redemptions/rr_nothing/approve", JSON{}, 404},
	{"POST /v1/redemptions/{redemption_id}/reject", "/v1/redemptions/rr_nothing/reject", JSON{}, 404},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}, 200},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 1e6, "with_preview": true}, 200},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "c", "product_id": "pro"}, 200},
	{"POST /v1/check", "/v1/check", JSON{"customer_id": "c", "feature_id": "nothing"}, 404},
	{"POST /v1/entitled", "/v1/entitled", JSON{"customer_id": "c", "feature_id": "messages"}, 200},
	{"POST /v1/entitled", "/v1/entitled", JSON{"customer_id": "c"}, 400},
	{"POST /v1/events/list", "/v1/events/list", JSON{"customer_id": "c"}, 200},
	{"POST /v1/events/aggregate", "/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages"}, 200},
	{"POST /v1/query", "/v1/query", JSON{"customer_id": "c", "feature_id": "messages"}, 200},
	{"POST /v1/attach/preview", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": "g1_pro"}, 200},
	{"POST /v1/attach/preview", "/v1/attach/preview", JSON{"customer_id": "nobody", "product_id": "pro"}, 200},
	{"POST /v1/attach/preview", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": "nothing"}, 404},
	{"POST /v1/checkout", "/v1/checkout", JSON{"customer_id": "c", "product_id": "g1_pro"}, 200},
	{"POST /v1/checkout", "/v1/checkout", JSON{"customer_id": "c", "product_id": "nothing"}, 404},
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "c", "product_id": "nothing"}, 404},
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"}, 400},
	{"POST /v1/attach", "/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "premium"}}, 400},
	{"POST /v1/attach", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("messages", -1)), 400},
	{"POST /v1/attach", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("nothing", 1)), 404},
	{"POST /v1/billing.preview_attach", "/v1/billing.preview_attach", JSON{"customer_id": "c", "plan_id": "g1_pro"}, 200},
	{"POST /v1/billing.preview_attach", "/v1/billing.preview_attach", JSON{"customer_id": "nobody", "plan_id": "pro"}, 200},
	{"POST /v1/billing.preview_multi_attach", "/v1/billing.preview_multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "g1_pro"}}}, 200},
	{"POST /v1/billing.preview_update", "/v1/billing.preview_update", JSON{"customer_id": "c", "plan_id": "pro", "cancel_action": "cancel_immediately"}, 200},
	{"POST /v1/billing.preview_update", "/v1/billing.preview_update", JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"price": JSON{"amount": 30, "interval": "month"}}}, 200},
	{"POST /v1/billing.preview_multi_update", "/v1/billing.preview_multi_update", JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}}}, 200},
	{"POST /v1/billing.attach", "/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "pro"}, 409},
	{"POST /v1/billing.attach", "/v1/billing.attach", JSON{"customer_id": "c", "plan_id": "nothing"}, 404},
	{"POST /v1/billing.multi_attach", "/v1/billing.multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "g1_pro"}, {"plan_id": "pro"}}}, 409},
	{"POST /v1/billing.update", "/v1/billing.update", JSON{"customer_id": "nobody", "plan_id": "pro", "cancel_action": "uncancel"}, 404},
	{"POST /v1/billing.update", "/v1/billing.update", JSON{"customer_id": "c", "plan_id": "pro", "cancel_action": "uncancel"}, 200},
	{"POST /v1/billing.multi_update", "/v1/billing.multi_update", JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_immediately"}, {"plan_id": "ultra", "cancel_action": "uncancel"}}}, 404},
	{"POST /v1/billing.create_schedule", "/v1/billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "pro"}}}, {"starts_at": 1, "plans": []JSON{{"plan_id": "premium"}}}}}, 400},
	{"POST /v1/track", "/v1/track", JSON{"customer_id": "c", "feature_id": "nothing"}, 404},
	{"POST /v1/track", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":NaN}`, 400},
	{"POST /v1/balances.batch_track", "/v1/balances.batch_track", []JSON{{"customer_id": "c", "feature_id": "messages"}, {"customer_id": "c", "feature_id": "nothing"}}, 404},
	{"POST /v1/events", "/v1/events", JSON{"customer_id": "c", "event_name": "nothing"}, 400},
	{"POST /v1/usage", "/v1/usage", JSON{"customer_id": "c", "feature_id": "nothing", "value": 1}, 404},
	{"POST /v1/customers/{customer_id}/balances", "/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "nothing", "balance": 1}}}, 404},
	{"POST /v1/customers", "/v1/customers", JSON{}, 400},
	{"POST /v1/customers/{customer_id}", "/v1/customers/nobody", JSON{"name": "N"}, 404},
	{"PATCH /v1/customers/{customer_id}", "/v1/customers/c", JSON{"id": nil}, 400},
	{"DELETE /v1/customers/{customer_id}", "/v1/customers/nobody", nil, 404},
	{"POST /v1/features", "/v1/features", JSON{"id": "messages", "name": "m", "type": "single_use"}, 409},
	{"POST /v1/features/{feature_id}", "/v1/features/nothing", JSON{"name": "m"}, 404},
	{"DELETE /v1/features/{feature_id}", "/v1/features/messages", nil, 400},
	{"POST /v1/products", "/v1/products", JSON{"id": "pro", "name": "p"}, 400},
	{"POST /v1/products/{product_id}", "/v1/products/nothing", JSON{"name": "p"}, 404},
	{"PATCH /v1/products/{product_id}", "/v1/products/nothing", JSON{"name": "p"}, 404},
	{"DELETE /v1/products/{product_id}", "/v1/products/pro", nil, 400},
	{"POST /v1/rewards", "/v1/rewards", JSON{"id": "gift", "name": "g", "type": "free_product", "free_product_id": "bonus"}, 400},
	{"POST /v1/rewards/{reward_id}", "/v1/rewards/nothing", JSON{"name": "g"}, 404},
	{"PUT /v1/rewards/{reward_id}", "/v1/rewards/nothing", JSON{"name": "g"}, 404},
	{"DELETE /v1/rewards/{reward_id}", "/v1/rewards/gift", nil, 400},
	{"POST /v1/rewards/{reward_id}/promo_codes", "/v1/rewards/nothing/promo_codes", JSON{"code": "A"}, 404},
	{"POST /v1/rewards/{reward_id}/promo_codes", "/v1/rewards/gift/promo_codes", JSON{"code": "A", "minimum_amount": 30}, 400},
	{"GET /v1/rewards/{reward_id}/promo_codes", "/v1/rewards/gift/promo_codes", nil, 200},
	{"GET /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/A", nil, 404},
	{"POST /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/A", JSON{"active": true}, 404},
	{"DELETE /v1/rewards/{reward_id}/promo_codes/{code}", "/v1/rewards/gift/promo_codes/A", nil, 404},
	{"POST /v1/rewards/redeem", "/v1/rewards/redeem", JSON{"customer_id": "c", "code": "NOSUCH"}, 404},
	{"POST /v1/customers/{customer_id}/coupons/{reward_id}", "/v1/customers/c/coupons/nosuch", JSON{}, 404},
	{"POST /v1/rewards/explain", "/v1/rewards/explain", JSON{"customer_id": "c", "reward_id": "gift", "product_id": "premium"}, 200},
	{"POST /v1/reward_programs", "/v1/reward_programs", JSON{"id": "p2", "when": "checkout", "internal_reward_id": "gift", "received_by": "all"}, 400},
	{"PUT /v1/reward_programs/{program_id}", "/v1/reward_programs/nothing", JSON{"when": "checkout"}, 400},
	{"DELETE /v1/reward_programs/{program_id}", "/v1/reward_programs/nothing", nil, 404},
	{"POST /v1/referrals/code", "/v1/referrals/code", JSON{"customer_id": "r", "program_id": "nothing"}, 404},
	{"POST /v1/referrals/redeem", "/v1/referrals/redeem", JSON{"customer_id": "c", "code": "NOSUCH"}, 404},
	{"POST /v1/cancel", "/v1/cancel", JSON{"customer_id": "c", "product_id": "premium"}, 404},
	{"POST /v1/cancel", "/v1/cancel", JSON{"customer_id": "nobody", "product_id": "pro"}, 404},
	{"GET /v1/customers/{customer_id}/audit", "/v1/customers/c/audit", nil, 200},
	{"GET /v1/customers/{customer_id}/audit", "/v1/customers/c/audit?limit=0", nil, 400},
	{"GET /v1/customers/{customer_id}/billing_portal", "/v1/customers/nobody/billing_portal", nil, 404},
	{"POST /v1/customers/{customer_id}/billing_portal", "/v1/customers/nobody/billing_portal", nil, 404},
	{"POST /v1/setup_payment", "/v1/setup_payment", JSON{}, 400},
	{"POST /v1/customers.get_or_create", "/v1/customers.get_or_create", JSON{"customer_id": "c"}, 200},
	{"POST /v1/customers.get_or_create", "/v1/customers.get_or_create", JSON{"customer_id": nil}, 400},
	{"POST /v1/customers.get", "/v1/customers.get", JSON{"customer_id": "c", "expand": "invoices,balances.feature"}, 200},
	{"POST /v1/customers.get", "/v1/customers.get?expand[]=invoices", JSON{"customer_id": "nobody"}, 404},
	{"POST /v1/customers.list", "/v1/customers.list", nil, 200},
	{"POST /v1/customers.list", "/v1/customers.list", JSON{"offset": 10}, 400},
	{"POST /v1/customers.update", "/v1/customers.update", JSON{"customer_id": "nobody", "name": "N"}, 404},
	{"POST /v1/customers.delete", "/v1/customers.delete", JSON{"customer_id": "nobody"}, 404},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 1e6, "with_preview": true}, 200},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "c", "product_id": "pro"}, 400},
	{"POST /v1/balances.track", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "nothing"}, 404},
	{"POST /v1/balances.check", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 1e6, "lock": JSON{"enabled": true, "lock_id": "l"}}, 200},
	{"POST /v1/balances.track", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "messages", "value": 1e6, "lock": JSON{"enabled": true, "lock_id": "l"}}, 400},
	{"POST /v1/balances.finalize", "/v1/balances.finalize", JSON{"lock_id": "nothing", "action": "confirm"}, 404},
	{"POST /v1/balances.create", "/v1/balances.create", JSON{"customer_id": "c", "feature_id": "nothing", "included_grant": 5}, 404},
	{"POST /v1/balances/create", "/v1/balances/create", JSON{"customer_id": "nobody", "feature_id": "messages", "granted_balance": 5}, 404},
	{"POST /v1/balances.update", "/v1/balances.update", JSON{"customer_id": "c", "feature_id": "messages", "included_grant": 5}, 400},
	{"POST /v1/balances.delete", "/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "messages"}, 400},
	{"POST /v1/balances.list", "/v1/balances.list", JSON{"customer_id": "c"}, 200},
	{"POST /v1/features.list", "/v1/features.list", nil, 200},
	{"POST /v1/features.get", "/v1/features.get", JSON{"feature_id": "nothing"}, 404},
	{"POST /v1/features.create", "/v1/features.create", JSON{"feature_id": "messages", "name": "m", "type": "metered", "consumable": true}, 409},
	{"POST /v1/features.update", "/v1/features.update", JSON{"feature_id": "nothing", "name": "m"}, 404},
	{"POST /v1/entities.create", "/v1/entities.create", JSON{"customer_id": "nobody", "entity_id": "seat", "feature_id": "seats"}, 404},
	{"POST /v1/entities.create", "/v1/entities.create", JSON{"customer_id": "c", "entity_id": "seat", "feature_id": "messages"}, 400},
	{"POST /v1/entities.get", "/v1/entities.get", JSON{"customer_id": "c", "entity_id": "nothing"}, 404},
	{"POST /v1/entities.update", "/v1/entities.update", JSON{"customer_id": "c", "entity_id": "nothing", "name": "N"}, 404},
	{"POST /v1/entities.delete", "/v1/entities.delete", JSON{"customer_id": "c", "entity_id": "nothing"}, 404},
	{"POST /v1/entities.list", "/v1/entities.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 50}, 200},
	{"POST /v1/entities.list", "/v1/entities.list", JSON{"customer_id": "c", "start_cursor": "x"}, 400},
	{"POST /v1/features.delete", "/v1/features.delete", JSON{"feature_id": "messages"}, 400},
	{"DELETE /v1/customers/{customer_id}/coupons", "/v1/customers/c/coupons", nil, 404},
	{"DELETE /v1/customers/{customer_id}/coupons/{reward_id}", "/v1/customers/nobody/coupons/gift", nil, 404},
	{"POST /v1/rewards.create", "/v1/rewards.create", JSON{}, 400},
	{"POST /v1/rewards.get", "/v1/rewards.get", JSON{"reward_id": "nothing"}, 404},
	{"POST /v1/rewards.list", "/v1/rewards.list", nil, 200},
	{"POST /v1/rewards.update", "/v1/rewards.update", JSON{"reward_id": "nothing", "coupon": JSON{"name": "N"}}, 404},
	{"POST /v1/rewards.delete", "/v1/rewards.delete", JSON{"reward_id": "nothing"}, 404},
	{"POST /v1/rewards.redeem", "/v1/rewards.redeem", JSON{"customer_id": "nobody", "code": "X"}, 404},
	{"POST /v1/referral_programs.create", "/v1/referral_programs.create", JSON{"id": "p"}, 400},
	{"POST /v1/referral_programs.get", "/v1/referral_programs.get", JSON{"referral_program_id": "nothing"}, 404},
	{"POST /v1/referral_programs.list", "/v1/referral_programs.list", nil, 200},
	{"POST /v1/referral_programs.update", "/v1/referral_programs.update", JSON{"referral_program_id": "nothing", "max_redemptions": 3}, 404},
	{"POST /v1/referral_programs.delete", "/v1/referral_programs.delete", JSON{"referral_program_id": "nothing"}, 404},
	{"POST /v1/referrals.create_code", "/v1/referrals.create_code", JSON{"customer_id": "c", "program_id": "nothing"}, 404},
	{"POST /v1/referrals.redeem_code", "/v1/referrals.redeem_code", JSON{"customer_id": "nobody", "code": "ABCDEF"}, 404},
	{"POST /v1/events.list", "/v1/events.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 50}, 200},
	{"POST /v1/events.aggregate", "/v1/events.aggregate", JSON{"customer_id": "c", "feature_id": "messages", "bin_size": "week"}, 200},
	{"POST /v1/invoices.list", "/v1/invoices.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 50}, 200},
	{"POST /v1/subscriptions.list", "/v1/subscriptions.list", JSON{"customer_id": "c", "statuses": []string{"expired"}}, 200},
	{"POST /v1/purchases.list", "/v1/purchases.list", JSON{"plan_id": "nothing"}, 404},
	{"POST /v1/billing.open_customer_portal", "/v1/billing.open_customer_portal", JSON{"customer_id": "nobody"}, 404},
	{"POST /v1/billing.setup_payment", "/v1/billing.setup_payment", JSON{"customer_id": "c", "plan_id": "pro"}, 400},
	{"GET /v1/organization/me", "/v1/organization/me", nil, 200},
	{"POST /v1/plans.list", "/v1/plans.list", JSON{"customer_id": "c", "include_archived": true}, 200},
	{"POST /v1/plans.get", "/v1/plans.get", JSON{"plan_id": "pro", "customer_id": "nobody"}, 200},
	{"POST /v1/plans.get", "/v1/plans.get", JSON{"plan_id": "nothing"}, 404},
	{"POST /v1/plans.create", "/v1/plans.create", JSON{"plan_id": "pro", "name": "p"}, 400},
	{"POST /v1/plans.update", "/v1/plans.update", JSON{"plan_id": "nothing", "name": "p"}, 404},
	{"POST /v1/plans.delete", "/v1/plans.delete", JSON{"plan_id": "pro"}, 400},
	{"POST /v1/catalog.preview_update", "/v1/catalog.preview_update", JSON{"features": []any{}, "plans": []any{}, "rewards": []any{}, "referral_programs": []any{}, "skip_deletions": true}, 200},
	{"POST /v1/catalog.preview_update", "/v1/catalog.preview_update", JSON{"plans": []JSON{{"plan_id": "x", "items": []JSON{{"feature_id": "nothing"}}}}}, 404},
	{"POST /v1/catalog.update", "/v1/catalog.update", JSON{"plans": []JSON{{"plan_id": "x", "items": []JSON{{"feature_id": "nothing"}}}}}, 404},
	{"POST /v1/catalog.update", "/v1/catalog.update", JSON{"features": []any{}}, 400},
	{"POST /webhooks/stripe", "/webhooks/stripe", JSON{"id": "evt_1"}, 400},
}

func TestReadsAndRefusalsWriteNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "gift", "type": "free_product", "free_product_id": "bonus"})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"})
	w.Post("/v1/customers", JSON{"id": "r"})
	w.Post("/v1/referrals/code", JSON{"customer_id": "r", "program_id": "both"})
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.Track("c", "messages", 7)
	w.Advance("40d") // much is due to be written down, such as a reset
	for _, q := range questions {
		table, objects := w.TablesButGuesses(), w.Stack.Objects()
		method, _, _ := strings.Cut(q.route, " ")
		a := w.Do(w.Stack.Key, method, q.path, q.body)
		w.WaitIdle()
		if a.Status != q.status {
			t.Errorf("%s %v: got %d %.200s, want %d", q.path, q.body, a.Status, a.Text, q.status)
		}
		if a.Status >= 400 && (a.Body["code"] == nil || a.Body["message"] == nil) {
			t.Errorf("%s %v: a refusal has a code and a message: %.200s", q.path, q.body, a.Text)
		}
		if w.TablesButGuesses() != table {
			t.Errorf("%s %v (%d) wrote to the table", q.path, q.body, a.Status)
		}
		if w.Stack.Objects() != objects {
			t.Errorf("%s %v (%d) changed something at Stripe", q.path, q.body, a.Status)
		}
	}
}

func TestEveryRouteIsAskedWithoutEffect(t *testing.T) {
	t.Parallel()
	for name, routes := range endpoints.Routes() {
		for _, route := range routes {
			if !slices.ContainsFunc(questions, func(q question) bool { return q.route == route }) && name != "unknown_route" {
				t.Errorf("%s (function %s) has no call in the list of those that write nothing", route, name)
			}
		}
	}
}
