package stories

import (
	"testing"

	. "windfall/tests/world"
)

// scenarios asks what each product would mean to a customer.
func scenarios(w *World, customer string, products ...string) []any {
	w.Helper()
	found := map[string]any{}
	for _, p := range w.Get("/v1/products?customer_id=" + customer)["list"].([]any) {
		found[Path(p, "id").(string)] = Path(p, "scenario")
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
	w.Changes()
	table := func(customer string, want ...any) {
		t.Helper()
		products := []string{"free", "pro", "premium", "pro_year", "addon_words", "topup", "g1_pro"}
		w.Want(customer, scenarios(w, customer, products...), want)
	}
	before := w.Stack.Tables()
	table("nobody", "active", "upgrade", "upgrade", "upgrade", "new", "new", "new")
	if w.Stack.Tables() != before {
		t.Error("a list made a customer")
	}
	w.Payer("c", "pro", "addon_words")
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

// What the table promises is what attach then does.
func TestScenariosAreWhatAttachDoes(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Attach("c", "free")
	for _, id := range []string{"premium", "pro", "pro_trial", "g2_pro", "addon_words"} {
		checkout := w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": id})
		w.Want("checkout of "+id, Path(checkout, "product.scenario"), scenarios(w, "c", id)[0])
	}
	w.Want("has prorations", []any{
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "premium"})["has_prorations"],
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "g2_pro"})["has_prorations"],
		w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "pro"})["has_prorations"],
	}, []any{true, false, false})
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("current and scheduled", []any{Path(preview, "current_product.id"), Path(preview, "scheduled_product.id")}, []any{"pro", "free"})
	preview = w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "addon_words"})
	w.Want("an add-on replaces nothing", []any{preview["current_product"], preview["scheduled_product"]}, []any{nil, nil})
}

func TestScenariosSayWhetherATrialIsLeft(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	open := func(customer string) any {
		return Path(w.Get("/v1/products/pro_trial?customer_id="+customer), "free_trial.trial_available")
	}
	w.Post("/v1/customers", JSON{"id": "a", "fingerprint": "device"})
	w.Post("/v1/customers", JSON{"id": "b", "fingerprint": "device"})
	w.Card("a")
	w.Want("before", []any{open("a"), open("b")}, []any{true, true})
	w.Attach("a", "pro_trial")
	w.Cancel("a", "pro_trial", Now())
	w.Want("after", []any{open("a"), open("b"), open("c")}, []any{false, false, true})
}

func TestCHK22ACheckOfAProductShowsWhatAttachWouldDo(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
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
	w.Want("what is free needs none", []any{Path(check("booster"), "scenario"), Path(check("booster"), "due_today.price"), Path(check("booster"), "next_cycle_at")}, []any{"new", 0, nil})
	w.Card("c")
	w.Attach("c", "pro")
	w.Advance("15d")
	up := check("premium")
	w.Want("upgrade", []any{Path(up, "scenario"), Path(up, "product_id"), Path(up, "product_name"), Path(up, "current_product_name"), Path(up, "recurring"),
		Path(up, "error_on_attach"), Path(up, "next_cycle_at"), Path(up, "due_today"), Path(up, "due_next_cycle"), Path(up, "product.scenario")},
		[]any{"upgrade", "premium", "premium", "pro", true, false, T1.UnixMilli(), JSON{"price": 15, "currency": "usd"}, JSON{"price": 50, "currency": "usd"}, "upgrade"})
	w.Want("its items", Path(up, "items"), []JSON{
		{"description": "Unused time on pro", "price": "-$10.00"}, {"description": "Remaining time on premium", "price": "$25.00"}})
	down := check("free")
	w.Want("to free", []any{Path(down, "scenario"), Path(down, "due_today.price"), Path(down, "due_next_cycle")}, []any{"cancel", 0, nil})
	w.Want("held", []any{Path(check("pro"), "scenario"), Path(check("pro"), "error_on_attach")}, []any{"active", true})
	packs := check("premium_prepaid")
	w.Want("packs", []any{Path(packs, "options.0.feature_id"), Path(packs, "options.0.quantity"), Path(packs, "due_next_cycle.price")}, []any{"messages", 100, 60})
	w.Attach("c", "free")
	w.Want("scheduled", []any{Path(check("free"), "scenario"), Path(check("free"), "error_on_attach")}, []any{"scheduled", true})
	w.Want("renew", []any{Path(check("pro"), "scenario"), Path(check("pro"), "due_today.price"), Path(check("pro"), "next_cycle_at")}, []any{"renew", 0, T1.UnixMilli()})
	w.Want("without with_preview", w.Post("/v1/check", JSON{"customer_id": "c", "product_id": "pro"})["preview"], nil)
}
