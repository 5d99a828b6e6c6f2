package balances

import (
	"testing"

	. "windfall/tests/world"
)

// Uses of a feature that no product grants and credits cover are taken from credits alone: a balance of its own
// would never be used. So nothing gives one, in whatever way; what a product grants is used first.
func TestBAL08NothingOfItsOwnWhereOnlyCreditsPay(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "action1", "credit_cost": 3}}})
	w.Product("cr", "crs", Price(5), Consumable("credits", 30)).AddOn()
	w.CustomerWithCard("c", "pro")
	w.Attach("c", "cr")
	packs := JSON{"feature_id": "action1", "included": 0, "price": JSON{"amount": 10, "billing_units": 20, "interval": "month", "billing_method": "prepaid"}}
	bought := []JSON{{"feature_id": "action1", "quantity": 20}}
	update := JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"add_items": []JSON{packs}}, "feature_quantities": bought}
	gift := JSON{"id": "g", "name": "G", "type": "feature_grant", "promo_codes": []JSON{{"code": "GG"}}, "grants": []JSON{{"feature_id": "action1", "included": 20}}}
	refusedAll := func() {
		w.Refused(400, "invalid_product_item", "/v1/billing.update", update)
		w.Refused(400, "invalid_product_item", "/v1/billing.preview_update", update)
		w.Refused(400, "invalid_product_item", "/v1/billing.attach", JSON{"customer_id": "d", "plan_id": "pro", "customize": JSON{"items": []JSON{packs}}, "feature_quantities": bought})
		w.Refused(400, "invalid_product_item", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "is_custom": true, "items": []JSON{Price(20), Consumable("action1", 7)}})
		w.Refused(400, "invalid_reward", "/v1/rewards", gift)
		w.Refused(400, "invalid_request", "/v1/balances.create", JSON{"customer_id": "c", "feature_id": "action1", "included_grant": 20})
	}
	refusedAll()
	w.Billed("c", 2000, 500)
	w.HasUsed("c", "credits", 30, 0)

	w.Product("sold", "sold", Consumable("action1", 1)) // from now on it has balances of its own
	w.Post("/v1/rewards", gift)
	w.Post("/v1/rewards.redeem", JSON{"customer_id": "c", "code": "GG"})
	w.Post("/v1/billing.update", update)
	w.WaitIdle()
	w.Billed("c", 2000, 500, 1000)
	used := w.Post("/v1/balances.track", JSON{"customer_id": "c", "feature_id": "action1", "value": 39})
	w.Want("of its own", ValueAt(used, "counted.0.balance_feature_id"), "action1")
	w.HasUsed("c", "credits", 30, 0)
	used = w.Post("/v1/balances.track", JSON{"customer_id": "c", "feature_id": "action1", "value": 3})
	w.Want("and then credits", ValueAt(used, "counted.0.balance_feature_id"), "credits")
	w.HasUsed("c", "credits", 24, 6)
}

// Credits that come later for what a reward gives are refused until a product grants it, too.
func TestBAL08CreditsForWhatARewardGives(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("letters", "single_use")
	w.Post("/v1/rewards", JSON{"id": "g", "name": "G", "type": "feature_grant", "promo_codes": []JSON{{"code": "GG"}}, "grants": []JSON{{"feature_id": "letters", "included": 20}}})
	stamps := JSON{"id": "stamps", "name": "Stamps", "type": "credit_system", "credit_schema": []JSON{{"metered_feature_id": "letters", "credit_cost": 2}}}
	w.Refused(400, "invalid_feature", "/v1/features", stamps)
	w.Product("mail", "mail", Consumable("letters", 1))
	w.Post("/v1/features", stamps)
	w.Post("/v1/rewards/g", JSON{"name": "Gift"})
	w.Post("/v1/features/stamps", JSON{"credit_schema": []JSON{{"metered_feature_id": "letters", "credit_cost": 3}}})
	w.Product("book", "mail", Consumable("stamps", 9)).AddOn()
	w.CustomerWithCard("c", "book")
	w.Post("/v1/rewards.redeem", JSON{"customer_id": "c", "code": "GG"})
	w.Track("c", "letters", 21)
	w.HasUsed("c", "stamps", 6, 3)
}
