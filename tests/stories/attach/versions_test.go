package attach

import (
	"testing"

	. "windfall/tests/world"
)

// editPro sells pro for 30 with 1000 messages from now on.
func editPro(w *World) {
	w.Helper()
	w.Post("/v1/products/pro", JSON{"items": []JSON{Price(30), Messages(1000)}})
}

func TestVersionsAnEditLeavesHoldersAlone(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	editPro(w)
	w.Want("version", w.Get("/v1/products/pro")["version"], 2)
	w.Want("held", w.CustomerProduct("c", "pro")["version"], 1)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
	w.HasBalance("c", "messages", true, 500)
	w.CustomerWithCard("d", "pro")
	w.Billed("d", 3000)
	w.Want("a new customer's", w.CustomerProduct("d", "pro")["version"], 2)
}

func TestVersionsAttachTakesTheNewOneWithoutACharge(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	editPro(w)
	w.Advance("15d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"})
	w.Want("preview", []any{preview["branch"], preview["func"], ValueAt(preview, "due_today.total")}, []any{"new_version", "upgrade_same_interval", 0})
	w.Want("due next", []any{ValueAt(preview, "due_next_cycle.due_at"), ValueAt(preview, "due_next_cycle.line_items.0.amount")}, []any{T1.UnixMilli(), 30})
	done := w.Attach("c", "pro")
	w.Want("code", done["code"], "upgraded_to_new_version")
	w.Want("version", w.CustomerProduct("c", "pro")["version"], 2)
	w.Billed("c", 2000)
	w.HasBalance("c", "messages", true, 900) // although the item resets usage with a switch
	w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3000)
	w.HasBalance("c", "messages", true, 1000)
	w.HasSubscriptions("c", 1)
}

func TestVersionsOneIsPinned(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	editPro(w)
	w.CustomerWithCard("d")
	w.Attach("d", "pro", JSON{"version": 1})
	w.Billed("d", 2000)
	w.Want("pinned", w.CustomerProduct("d", "pro")["version"], 1)
	w.Refused(400, "product_already_attached", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "version": 1})
	w.Attach("d", "pro", JSON{"version": 2})
	w.Attach("d", "pro", JSON{"version": 1}) // and back
	w.Billed("d", 2000)
	w.HasBalance("d", "messages", true, 500)
	w.Refused(404, "product_not_found", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "version": 3})
	versions := w.Get("/v1/products?all_versions=true")["list"].([]any)
	found := []any{}
	for _, p := range versions {
		if ValueAt(p, "id") == "pro" {
			found = append(found, []any{ValueAt(p, "version"), ValueAt(p, "items.0.price")})
		}
	}
	w.Want("all versions", found, []any{[]any{1, 20}, []any{2, 30}})
	w.Want("one of them", ValueAt(w.Get("/v1/products/pro?version=1"), "items.0.price"), 20)
}

func TestVersionsOfAFreeProductKeepUsageAndReset(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Track("c", "messages", 20)
	w.Post("/v1/products/free", JSON{"items": []JSON{Messages(150)}})
	w.Advance("15d")
	w.Want("code", w.Attach("c", "free")["code"], "upgraded_to_new_version")
	w.HasProducts("c", "free active")
	w.HasBalance("c", "messages", true, 130)
	w.Want("next reset", w.Check("c", "messages")["next_reset_at"], T1.UnixMilli())
	w.AdvanceTo(T1)
	w.HasBalance("c", "messages", true, 150)
	w.Billed("c")
}

func TestVersionsKeepQuantitiesAndOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("mix", "main", Price(20), Prepaid("words", 10, 100, "month"), Overage("messages", 100, 0.1, 1))
	w.CustomerWithCard("c")
	w.Attach("c", "mix", Quantity("words", 200))
	w.Track("c", "messages", 150)
	w.Track("c", "words", 50)
	w.Post("/v1/products/mix", JSON{"items": []JSON{Price(25), Prepaid("words", 12, 100, "month"), Overage("messages", 120, 0.1, 1)}})
	w.Refused(400, "invalid_request", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "mix"}, Quantity("words", 500)))
	w.Attach("c", "mix")
	w.HasBalance("c", "words", true, 150)
	w.HasBalance("c", "messages", true, -30)
	w.Billed("c", 4000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 4000, 2500+2*1200+30*10)
	w.HasBalance("c", "words", true, 200)
}

// Stripe begins a period with another interval, so it is charged and the time
// left credited.
func TestVersionsWithAnotherInterval(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	w.Post("/v1/products/pro", JSON{"items": []JSON{{"price": 200, "interval": "year"}, Messages(500)}})
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro"})
	w.Want("preview", []any{preview["func"], ValueAt(preview, "due_today.total")}, []any{"upgrade_diff_interval", 190})
	w.Attach("c", "pro")
	w.Billed("c", 2000, 19000)
	w.HasBalance("c", "messages", true, 500)
}

// A new version with a manually set balance and a scheduled downgrade.
func TestVersionsOverWhatWasSetByHandAndScheduled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 1200}}})
	w.Post("/v1/products/premium", JSON{"items": []JSON{Price(60), Messages(2000)}})
	w.Attach("c", "premium")
	w.HasProducts("c", "premium active") // what was scheduled is dropped, as with every change
	w.HasBalance("c", "messages", true, 2200)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 5000, 6000)
	w.HasBalance("c", "messages", true, 2000)
}
