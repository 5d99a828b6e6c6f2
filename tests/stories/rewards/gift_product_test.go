package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// A product that a reward gives stays an add-on: a plan would take the place of the
// one that the customer pays for.
func TestAProductThatIsGivenStaysAnAddOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/products", JSON{"id": "tog", "name": "Tog", "group": "main", "is_add_on": true, "items": []JSON{Messages(7)}})
	w.Post("/v1/rewards", JSON{"id": "boost", "name": "Boost", "type": "free_product", "free_product_id": "tog", "promo_codes": []JSON{{"code": "TOG"}}})
	w.Refused(400, "product_has_reward_programs", "/v1/products/tog", JSON{"is_add_on": false})
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/rewards/redeem", redemption("c", "TOG"))
	w.HasProducts("c", "pro active", "tog active")
	w.Post("/v1/products/tog", JSON{"name": "Toggle", "archived": true, "items": []JSON{Messages(8)}})
	w.Post("/v1/customers", JSON{"id": "d"})
	w.Post("/v1/rewards/redeem", redemption("d", "TOG"))

	createProgram(w, "P", "customer_creation", "boost")
	w.Refused(400, "invalid_request", "/v1/products/tog", JSON{"items": []JSON{Messages(7), {"price": 5, "interval": "month"}}})
	w.Call("DELETE", "/v1/reward_programs/P", nil)
	w.Post("/v1/products/tog", JSON{"items": []JSON{Messages(7), {"price": 5, "interval": "month"}}})
	w.Call("DELETE", "/v1/rewards/boost", nil)
	w.Post("/v1/products/tog", JSON{"is_add_on": false})
}

// A gift is free of charge for good, whatever the add-on costs those who buy it.
func TestAGiftThatOthersPayForIsFree(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"})
	w.Post("/v1/products/booster", JSON{"items": []JSON{Messages(100), {"price": 5, "interval": "month"}}})
	w.Post("/v1/rewards/redeem", redemption("c", "BOOST"))
	w.HasBalance("c", "messages", true, 150)
	w.Track("c", "messages", 120)
	w.AdvanceTo(T1.AddDate(0, 0, 1))
	w.HasBalance("c", "messages", true, 150)
	w.HasProducts("c", "free active", "booster active")
	w.Billed("c")
}
