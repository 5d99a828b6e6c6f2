package requests

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// An unknown field that would change a sale or a charge is refused by its name:
// nothing is sold at another price instead.
func TestWhatIsNotUnderstoodIsNotSold(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	for _, ask := range []struct {
		path  string
		body  JSON
		named string
	}{
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "reward": 5}, "reward"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "rewards": []string{"ten"}}, "rewards"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "promotion_codes": "FALL25"}, "promotion_codes"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "freeTrial": false}, "free_trial"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250, "price": 1, "discount": 5}}}, "options[0].discount"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "is_custom": true, "items": []JSON{{"price": 5, "interval": "month", "currency": "eur"}}}, "items[0].currency"},
		{"/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "free_trial": JSON{"length": 7, "trial_days": 9}}, "free_trial.trial_days"},
		{"/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro", "reward": JSON{"id": "no-such"}}, "reward"},
		{"/v1/checkout", JSON{"customer_id": "c", "product_id": "pro", "rewards": []string{"no-such"}}, "rewards"},
		{"/v1/cancel", JSON{"customer_id": "c", "product_id": "pro", "immediately": true}, "immediately"},
		{"/v1/products", JSON{"id": "g7", "name": "G7", "price": 20}, "price"},
		{"/v1/products", JSON{"id": "g7", "name": "G7", "items": []JSON{{"price": 20, "interval": "month", "amount": 5}}}, "items[0].amount"},
		{"/v1/products/pro", JSON{"price": 20}, "price"},
		{"/v1/features", JSON{"id": "f", "name": "F", "type": "metered", "usage_type": "sometimes"}, "usage_type"},
		{"/v1/features", JSON{"id": "f", "name": "F", "type": "metered", "kind": "continuous_use"}, "kind"},
		{"/v1/customers", JSON{"id": "d", "mail": "d@x.y"}, "mail"},
		{"/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 3, "limit": 5}}}, "balances[0].limit"},
		{"/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "percentage_discount", "percent": 10}, "percent"},
	} {
		table, objects := w.Stack.Tables(), w.Stack.Objects()
		a := w.Do(w.Stack.Key, "POST", ask.path, ask.body)
		message, _ := a.Body["message"].(string)
		if a.Status != 400 || !strings.Contains(message, ask.named) {
			t.Errorf("%s %v: got %d %s, want 400 that names %s", ask.path, ask.body, a.Status, a.Text, ask.named)
		}
		w.Unchanged(table, objects)
	}
}

// The field is accepted where clients of all ages send it.
func TestUsageTypeIsUnderstoodWhereverItStands(t *testing.T) {
	t.Parallel()
	w := New(t)
	made := w.Post("/v1/features", JSON{"id": "places", "name": "Places", "type": "metered", "usage_type": "continuous_use"})
	w.Want("usage_type beside type", made["type"], "continuous_use")
	made = w.Post("/v1/features", JSON{"id": "rooms", "name": "Rooms", "type": "metered", "config": JSON{"usage_type": "continuous_use"}})
	w.Want("usage_type in config", made["type"], "continuous_use")
	w.Refused(400, "invalid_feature", "/v1/features", JSON{"id": "halls", "name": "Halls", "type": "metered", "usage_type": "continuous_use", "config": JSON{"usage_type": "single_use"}})
}

// Words that are routes of their own are not ids.
func TestARewardIsNotCalledRedeem(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	gift := JSON{"name": "g", "type": "free_product", "free_product_id": "bonus"}
	w.Post("/v1/rewards", Merge(JSON{"id": "gift"}, gift))
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	for path, body := range map[string]JSON{"/v1/rewards": Merge(JSON{"id": "redeem"}, gift), "/v1/rewards/redeem": {"code": "X", "customer_id": "c"}, "/v1/rewards/gift": {"id": "redeem"}} {
		if a := w.Do(w.Stack.Key, "POST", path, body); a.Status != 400 && a.Status != 404 {
			t.Errorf("%s: %d %s", path, a.Status, a.Text)
		}
	}
	w.Unchanged(table, objects)
}
