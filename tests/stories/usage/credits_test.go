package usage

import (
	"sync"
	"testing"

	. "windfall/tests/world"
)

// creditSystem makes a credit system: 0.2 for a unit of action1, 0.6 of action2.
func creditSystem(w *World) {
	w.Helper()
	w.StandardCatalog()
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{
		{"metered_feature_id": "action1", "credit_cost": 0.2}, {"metered_feature_id": "action2", "credit_cost": 0.6}}})
	w.Product("pool", "pool", Consumable("credits", 100)).Default()
}

func TestCHK09CreditsDirectly(t *testing.T) {
	t.Parallel()
	w := New(t)
	creditSystem(w)
	w.Track("c", "action1", 50)
	w.HasBalance("c", "credits", true, 90)
	w.Track("c", "action2", 25)
	w.HasBalance("c", "credits", true, 75)
	got := w.Check("c", "action1", JSON{"required_balance": 375})
	w.Want("375 of action1", []any{got["allowed"], got["feature_id"], got["required_balance"], got["balance"]}, []any{true, "credits", 75, 75})
	w.Want("credit_schema", got["credit_schema"], []JSON{{"credit_amount": 0.2, "feature_id": "action1"}, {"credit_amount": 0.6, "feature_id": "action2"}})
	got = w.Check("c", "action1", JSON{"required_balance": 376})
	w.Want("376 of action1", got["allowed"], false)
	w.Track("c", "action1", -50)
	w.HasBalance("c", "credits", true, 85)
	w.Track("c", "action2", 1000) // what the credits can't pay is dropped
	w.HasBalance("c", "credits", false, 0)
}

// The feature's own allowance goes first, the remainder is converted, and both
// rows move together.
func TestOwnAllowanceBeforeCredits(t *testing.T) {
	t.Parallel()
	w := New(t)
	creditSystem(w)
	w.Product("own", "own", Consumable("action1", 10)).Default()
	w.Want("5 of own", w.Check("c", "action1", JSON{"required_balance": 5})["feature_id"], "action1")
	w.Want("510 of both", w.Check("c", "action1", JSON{"required_balance": 510})["allowed"], true)
	w.Want("511 of both", w.Check("c", "action1", JSON{"required_balance": 511})["allowed"], false)
	w.Track("c", "action1", 4)
	w.HasBalance("c", "credits", true, 100)
	w.Track("c", "action1", 10) // 6 of its own, 4 by credits
	w.HasBalance("c", "credits", true, 99.2)
	w.Want("own usage", ValueAt(w.Customer("c"), "features.action1.usage"), 10)
	w.Track("c", "action1", 1)
	w.HasBalance("c", "credits", true, 99)
	w.Track("c", "action1", -6) // 5 came from credits, 1 of its own
	w.HasBalance("c", "credits", true, 100)
	w.Want("own usage", ValueAt(w.Customer("c"), "features.action1.usage"), 9)
}

func TestUseOfCoveredFeatureWithKeyAndByEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("gpu", "single_use", JSON{"event_names": []string{"job"}})
	w.Feature("cpu", "single_use", JSON{"event_names": []string{"job"}})
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{
		{"metered_feature_id": "gpu", "credit_cost": 3}, {"metered_feature_id": "cpu", "credit_cost": 1}}})
	w.Product("pool", "pool", Consumable("credits", 100)).Default()
	w.Post("/v1/track", JSON{"customer_id": "c", "event_name": "job", "value": 2})
	w.HasBalance("c", "credits", true, 92)
	keyed := JSON{"customer_id": "c", "feature_id": "gpu", "idempotency_key": "k"}
	w.Post("/v1/track", keyed)
	w.Refused(409, "duplicate_idempotency_key", "/v1/track", keyed)
	w.HasBalance("c", "credits", true, 89)
	w.Refused(400, "invalid_inputs", "/v1/check", JSON{"customer_id": "c", "feature_id": "gpu", "required_balance": "1"})
}

// In any order of parallel usage, own allowance and credits end exactly as they
// would in sequence.
func TestParallelUsesSpanOwnAllowanceAndCredits(t *testing.T) {
	t.Parallel()
	w := New(t)
	creditSystem(w)
	w.Product("own", "own", Consumable("action1", 50)).Default()
	w.Check("c", "action1")
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 10 {
				w.Track("c", "action1", 0.7)
			}
		})
	}
	all.Wait() // 112 units: 50 of its own, 62 × 0.2 credits
	w.HasBalance("c", "credits", true, 87.6)
	w.Want("own usage", ValueAt(w.Customer("c"), "features.action1.usage"), 50)
}
