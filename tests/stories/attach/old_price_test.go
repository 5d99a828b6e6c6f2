package attach

import (
	"testing"

	. "windfall/tests/world"
)

// changedElsewhere are changes of the catalog that a process with another cached copy
// makes, and what must then hold for those who buy from the first.
var changedElsewhere = []struct {
	name   string
	change func(w *World)
	holds  func(w *World)
}{
	{"a price", func(w *World) { w.Post("/v1/products/pro", JSON{"items": []JSON{Price(30)}}) }, func(w *World) {
		w.Want("previewed", ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"}), "due_today.total"), 30.0)
		w.Attach("c", "pro")
		w.Billed("c", 3000)
	}},
	{"a new version of what customers hold", func(w *World) {
		w.CustomerWithCard("other", "pro")
		w.Post("/v1/products/pro", JSON{"items": []JSON{Price(30)}})
	}, func(w *World) {
		w.Attach("c", "pro")
		w.Billed("c", 3000)
		w.Want("version", w.CustomerProduct("c", "pro")["version"], 2.0)
	}},
	{"a first sale", func(w *World) { w.CustomerWithCard("other", "pro") }, func(w *World) {
		w.Attach("c", "pro")
		w.Billed("c", 2000)
		if prices := w.CallStripe("GET", "/v1/prices", "limit=100")["data"].([]any); len(prices) != 1 {
			w.Errorf("Stripe has %d prices of one item", len(prices))
		}
	}},
	{"a default that is archived", func(w *World) { w.Post("/v1/products/free", JSON{"archived": true}) }, func(w *World) {
		w.Attach("new", "bonus")
		w.HasProducts("new", "bonus active")
	}},
	{"a deleted product", func(w *World) { w.Call("DELETE", "/v1/products/pro", nil) }, func(w *World) {
		w.Refused(404, "product_not_found", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	}},
	{"a smaller reward", func(w *World) {
		w.Post("/v1/rewards/half", JSON{"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}})
	}, func(w *World) {
		w.Attach("c", "pro", JSON{"promo_code": "HALF"})
		w.Billed("c", 1800)
	}},
	{"a deleted reward", func(w *World) { w.Call("DELETE", "/v1/rewards/half", nil) }, func(w *World) {
		w.Refused(404, "reward_not_found", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "promo_code": "HALF"})
	}},
	{"a deleted program", func(w *World) { w.Call("DELETE", "/v1/reward_programs/invite", nil) }, func(w *World) {
		w.Refused(404, "reward_program_not_found", "/v1/referrals/code", JSON{"customer_id": "c", "program_id": "invite"})
	}},
	{"a feature", func(w *World) { w.Feature("more", "boolean"); w.Product("plus", "", BooleanFeature("more")).AddOn() }, func(w *World) {
		w.Attach("c", "plus")
		w.Want("allowed", w.Check("c", "more")["allowed"], true)
	}},
	{"the settings", func(w *World) { w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true}) }, func(w *World) {
		w.Want("publishable_checkout", w.Get("/v1/settings")["publishable_checkout"], true)
	}},
}

// Processes keep the catalog. What one changes, the others sell at once.
func TestAKeptCatalogNeverSellsAtAnOldPrice(t *testing.T) {
	t.Parallel()
	for _, tt := range changedElsewhere {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.Post("/v1/rewards", JSON{"id": "half", "name": "Half", "type": "percentage_discount", "promo_codes": []JSON{{"code": "HALF"}},
				"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
			w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "booster"})
			w.Post("/v1/reward_programs", JSON{"id": "invite", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"})
			w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
			w.PutGoodCard("c")
			w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"}) // the first process has the catalog
			first := w.Stack.Gateway
			if err := w.Stack.Restart(); err != nil {
				t.Fatal(err)
			}
			tt.change(w)
			w.Stack.Gateway = first
			tt.holds(w)
		})
	}
}
