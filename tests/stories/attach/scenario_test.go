package attach

import (
	"testing"

	. "windfall/tests/world"
)

// productScenarios returns the scenario of each product for a customer.
func productScenarios(w *World, customer string, products ...string) []any {
	w.Helper()
	found := map[string]any{}
	for _, p := range w.Get("/v1/products?customer_id=" + customer)["list"].([]any) {
		found[ValueAt(p, "id").(string)] = ValueAt(p, "scenario")
	}
	var out []any
	for _, id := range products {
		out = append(out, found[id])
	}
	return out
}

func TestScenariosOfThePricingTable(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	table := func(customer string, want ...any) {
		t.Helper()
		products := []string{"free", "pro", "premium", "pro_year", "addon_words", "topup", "g1_pro"}
		w.Want(customer, productScenarios(w, customer, products...), want)
	}
	before := w.Stack.Tables()
	table("nobody", "active", "upgrade", "upgrade", "upgrade", "new", "new", "new")
	if w.Stack.Tables() != before {
		t.Error("a list made a customer")
	}
	w.CustomerWithCard("c", "pro", "addon_words")
	table("c", "cancel", "active", "upgrade", "upgrade", "new", "new", "new")
	w.Attach("c", "free")
	table("c", "scheduled", "renew", "upgrade", "upgrade", "new", "new", "new")
	w.Attach("c", "premium")
	table("c", "cancel", "downgrade", "active", "upgrade", "new", "new", "new")
	w.Cancel("c", "addon_words")
	table("c", "cancel", "downgrade", "active", "upgrade", "renew", "new", "new")
	w.Want("nobody asked for", w.Get("/v1/products/pro")["scenario"], nil)
	w.Want("one product", w.Get("/v1/products/pro?customer_id=c")["scenario"], "downgrade")
	a := w.Do(w.Stack.Key, "GET", "/v1/products?customer_id=a%2Fb", nil)
	w.Want("a bad id", []any{a.Status, a.Body["code"]}, []any{400, "invalid_request"})
}

// Attach does what the pricing table promised.
func TestScenariosAreWhatAttachDoes(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Attach("c", "free")
	for _, id := range []string{"premium", "pro", "pro_trial", "g2_pro", "addon_words"} {
		checkout := w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": id})
		w.Want("checkout of "+id, ValueAt(checkout, "product.scenario"), productScenarios(w, "c", id)[0])
	}
	w.Want("has prorations", []any{
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "premium"})["has_prorations"],
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "g2_pro"})["has_prorations"],
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "pro"})["has_prorations"],
	}, []any{true, false, false})
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("current and scheduled", []any{ValueAt(preview, "current_product.id"), ValueAt(preview, "scheduled_product.id")}, []any{"pro", "free"})
	preview = w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "addon_words"})
	w.Want("an add-on replaces nothing", []any{preview["current_product"], preview["scheduled_product"]}, []any{nil, nil})
}

func TestScenariosSayWhetherATrialIsLeft(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	open := func(customer string) any {
		return ValueAt(w.Get("/v1/products/pro_trial?customer_id="+customer), "free_trial.trial_available")
	}
	w.Post("/v1/customers", JSON{"id": "a", "fingerprint": "device"})
	w.Post("/v1/customers", JSON{"id": "b", "fingerprint": "device"})
	w.PutGoodCard("a")
	w.Want("before", []any{open("a"), open("b")}, []any{true, true})
	w.Attach("a", "pro_trial")
	w.Cancel("a", "pro_trial", Immediately())
	w.Want("after", []any{open("a"), open("b"), open("c")}, []any{false, false, true})
}

func TestCHK22ACheckOfAProductShowsWhatAttachWouldDo(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	check := func(product string) any {
		t.Helper()
		before := w.Stack.Tables()
		a := w.Post("/v1/check", JSON{"customer_id": "c", "product_id": product, "with_preview": true})
		if w.Stack.Tables() != before {
			t.Error("a check wrote to the table")
		}
		return a["preview"]
	}
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Want("a page says all of it", check("pro"), nil)
	w.Want("what is free needs none", []any{ValueAt(check("booster"), "scenario"), ValueAt(check("booster"), "due_today.price"), ValueAt(check("booster"), "next_cycle_at")}, []any{"new", 0, nil})
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.Advance("15d")
	up := check("premium")
	w.Want("upgrade", []any{ValueAt(up, "scenario"), ValueAt(up, "product_id"), ValueAt(up, "product_name"), ValueAt(up, "current_product_name"), ValueAt(up, "recurring"),
		ValueAt(up, "error_on_attach"), ValueAt(up, "next_cycle_at"), ValueAt(up, "due_today"), ValueAt(up, "due_next_cycle"), ValueAt(up, "product.scenario")},
		[]any{"upgrade", "premium", "premium", "pro", true, false, T1.UnixMilli(), JSON{"price": 15, "currency": "usd"}, JSON{"price": 50, "currency": "usd"}, "upgrade"})
	w.Want("its items", ValueAt(up, "items"), []JSON{
		{"description": "Unused time on pro", "price": "-$10.00"}, {"description": "Remaining time on premium", "price": "$25.00"}})
	down := check("free")
	w.Want("to free", []any{ValueAt(down, "scenario"), ValueAt(down, "due_today.price"), ValueAt(down, "due_next_cycle")}, []any{"cancel", 0, nil})
	w.Want("held", []any{ValueAt(check("pro"), "scenario"), ValueAt(check("pro"), "error_on_attach")}, []any{"active", true})
	packs := check("premium_prepaid")
	w.Want("packs", []any{ValueAt(packs, "options.0.feature_id"), ValueAt(packs, "options.0.quantity"), ValueAt(packs, "due_next_cycle.price")}, []any{"messages", 100, 60})
	w.Attach("c", "free")
	w.Want("scheduled", []any{ValueAt(check("free"), "scenario"), ValueAt(check("free"), "error_on_attach")}, []any{"scheduled", true})
	w.Want("renew", []any{ValueAt(check("pro"), "scenario"), ValueAt(check("pro"), "due_today.price"), ValueAt(check("pro"), "next_cycle_at")}, []any{"renew", 0, T1.UnixMilli()})
	w.Want("without with_preview", w.Post("/v1/check", JSON{"customer_id": "c", "product_id": "pro"})["preview"], nil)
}
