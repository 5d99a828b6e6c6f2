package attach

import (
	"testing"

	. "windfall/tests/world"
)

// customItems asks for a product with items of the customer's own.
func customItems(items ...JSON) JSON { return JSON{"is_custom": true, "items": items} }

func TestCustomPricesForANewCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	done := w.Attach("c", "pro", customItems(Price(15), Messages(750)))
	w.Want("code", done["code"], "new_product_attached")
	w.HasProducts("c", "pro active")
	w.Billed("c", 1500)
	w.HasBalance("c", "messages", true, 750)
	w.HasBalance("c", "dashboard", false, nil)
	w.Want("items", ValueAt(w.CustomerProduct("c", "pro"), "items.0.price"), 15)
	w.Want("the catalog is as it was", ValueAt(w.Get("/v1/products/pro"), "items.0.price"), 20)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1500, 1500)
	w.HasBalance("c", "messages", true, 750)
	w.CustomerWithCard("d", "pro")
	w.Billed("d", 2000)
}

func TestCustomOnAPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	done := w.Attach("c", "pro", customItems(Price(15), Messages(750)))
	w.HasProducts("c", "free active")
	w.Pay(done["checkout_url"].(string))
	w.HasProducts("c", "pro active")
	w.Billed("c", 1500)
	w.HasBalance("c", "messages", true, 750)
}

func TestCustomPricesOverTheSameProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.Advance("15d")
	request := Merge(JSON{"customer_id": "c", "product_id": "pro"}, customItems(Price(40), Messages(800), BooleanFeature("dashboard")))
	preview := w.Post("/v1/attach/preview", request)
	w.Want("branch and func", []any{preview["branch"], preview["func"]}, []any{"same_custom", "upgrade_same_interval"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 10)
	done := w.Post("/v1/attach", request)
	w.Want("code", done["code"], "updated_same_product")
	w.HasProducts("c", "pro active")
	w.Billed("c", 2000, 1000)
	w.HasBalance("c", "messages", true, 700)
	w.HasBalance("c", "dashboard", true, nil)
	w.HasSubscriptions("c", 1)
	w.Refused(400, "product_already_attached", "/v1/attach", request)
	w.Attach("c", "pro") // the standard product again
	w.Billed("c", 2000, 1000, -1000)
	w.HasBalance("c", "messages", true, 400)
	w.Want("items", ValueAt(w.CustomerProduct("c", "pro"), "items.0.price"), 20)
	w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.AdvancePastRenewal(T1)
	w.Want("credit is used up first", w.Invoices("c")[3].Total, 2000)
	w.HasBalance("c", "messages", true, 500)
}

func TestCustomLimitsCostNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.Advance("15d")
	request := Merge(JSON{"customer_id": "c", "product_id": "pro"}, customItems(Price(20), Messages(900), BooleanFeature("dashboard")))
	preview := w.Post("/v1/attach/preview", request)
	w.Want("branch and due", []any{preview["branch"], ValueAt(preview, "due_today.total")}, []any{"same_custom_ents", 0})
	w.Want("due next", []any{ValueAt(preview, "due_next_cycle.due_at"), ValueAt(preview, "due_next_cycle.line_items.0.amount")}, []any{T1.UnixMilli(), 20})
	w.Post("/v1/attach", request)
	w.Billed("c", 2000)
	w.HasBalance("c", "messages", true, 800)
	w.Want("next reset", w.Check("c", "messages")["next_reset_at"], T1.UnixMilli())
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
	w.HasBalance("c", "messages", true, 900)
	w.AdvanceTo(T1.AddDate(0, 0, 15).Add(12 * 3600e9))
	w.Attach("c", "premium")
	w.Billed("c", 2000, 2000, 1500)
	w.HasProducts("c", "premium active")
}

// Nothing that is paid in advance changes, so nothing is due at once: overage
// is billed with the renewal, at its old price.
func TestCustomOverageKeepsItsPrice(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]struct {
		item    JSON
		left    int // after the change
		renewal int64
	}{
		"the same price goes on":     {Merge(Overage("messages", 100, 0.2, 1), JSON{"usage_limit": 5000}), -100, 2000 + 110*20},
		"another price counts anew":  {Overage("messages", 100, 0.5, 1), 0, 2000 + 100*20 + 10*50},
		"no price ends with the old": {Messages(150), 50, 2000 + 100*20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.Product("use", "main", Price(20), Overage("messages", 100, 0.2, 1))
			w.CustomerWithCard("c", "use")
			w.Track("c", "messages", 200)
			request := Merge(JSON{"customer_id": "c", "product_id": "use"}, customItems(Price(20), story.item))
			w.Want("due today", ValueAt(w.Post("/v1/attach/preview", request), "due_today.total"), 0)
			w.Post("/v1/attach", request)
			w.HasBalance("c", "messages", true, story.left)
			w.Track("c", "messages", 10)
			w.AdvancePastRenewal(T1)
			w.Billed("c", 2000, story.renewal)
		})
	}
}

func TestCustomItemsMayCostNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.Advance("15d")
	w.Attach("c", "pro", customItems(Messages(500)))
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 400)
	w.Want("subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
	w.Want("credit", ValueAt(w.AtStripe("c"), "customer.balance"), -1000)
	w.Attach("c", "pro", customItems(Messages(550)))
	w.HasBalance("c", "messages", true, 450)
	w.Want("next reset", w.Check("c", "messages")["next_reset_at"], T1.UnixMilli())
	w.Attach("c", "pro")
	w.HasBalance("c", "messages", true, 500)
	w.HasProducts("c", "pro active")
}

func TestCustomAnAddOnIsExchanged(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro", "addon_words")
	w.Attach("c", "addon_words", customItems(Price(30), Consumable("words", 300)))
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "words", true, 300)
	w.Billed("c", 2000, 2000, 1000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000, 1000, 2000, 3000)
}

func TestCustomInATrialGoesOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro_trial")
	w.Advance("3d")
	w.Attach("c", "pro_trial", customItems(Price(40), Messages(800)))
	w.HasProducts("c", "pro_trial trialing")
	w.HasBalance("c", "messages", true, 800)
	w.Want("trial ends", w.CustomerProduct("c", "pro_trial")["trial_ends_at"], T0.AddDate(0, 0, 7).UnixMilli())
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "pro_trial active")
	w.Want("charged", w.Invoices("c")[len(w.Invoices("c"))-1].Total, 4000)
}

func TestCustomDeclinedLeavesEverything(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.PutFailingCard("c")
	w.Refused(402, "stripe_card_declined", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, customItems(Price(40), Messages(800))))
	w.WaitIdle()
	w.Billed("c", 2000)
	w.HasBalance("c", "messages", true, 500)
	w.Want("items", ValueAt(w.CustomerProduct("c", "pro"), "items.0.price"), 20)
}

func TestCustomIsDowngradedAndCancelled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "premium", customItems(Price(70), Messages(2000)))
	w.Attach("c", "pro")
	w.HasProducts("c", "premium active", "pro scheduled")
	w.Attach("c", "premium", customItems(Price(70), Messages(2000))) // its own again
	w.HasProducts("c", "premium active")
	w.Cancel("c", "premium")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.Billed("c", 7000)
}
