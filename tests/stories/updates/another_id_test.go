package updates

import (
	"testing"

	. "windfall/tests/world"
)

// A customer's command is the same under another id of theirs: a purchase is not repeated by mistake, and
// the page that is open is answered again. Whoever has the id of before since is another customer.
func TestUPD33ARepetitionUnderAnotherID(t *testing.T) {
	t.Parallel()
	packs := JSON{"plan_id": "topup", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}}
	page := JSON{"plan_id": "addon_words", "redirect_mode": "always"}
	as := func(id string, body JSON) JSON { return Merge(JSON{"customer_id": id}, body) }
	for name, to := range map[string]struct {
		was string
		is  func(w *World) // gives the id d
	}{
		"renamed": {"c", func(w *World) { w.Post("/v1/customers/c", JSON{"id": "d"}) }},
		"claimed": {"", func(w *World) { w.Post("/v1/customers", JSON{"id": "d", "email": "c@x.io"}) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			person := JSON{"email": "c@x.io"}
			if to.was != "" {
				person["id"] = to.was
			}
			made, id := w.Post("/v1/customers?with_autumn_id=true", person), to.was
			if id == "" {
				id = made["autumn_id"].(string)
			}
			w.PutGoodCard(id)
			opened := w.Post("/v1/billing.attach", as(id, page))["payment_url"]
			card := w.Post("/v1/billing.setup_payment", as(id, JSON{}))["url"]
			w.Post("/v1/billing.attach", as(id, packs))
			to.is(w)
			w.Want("the page", w.Post("/v1/billing.attach", as("d", page))["payment_url"], opened)
			w.Want("the page for a card", w.Post("/v1/billing.setup_payment", as("d", JSON{}))["url"], card)
			w.Refused(409, "purchase_repeated", "/v1/billing.attach", as("d", packs))
			w.Post("/v1/customers", JSON{"id": "c", "email": "other@x.io"})
			w.PutGoodCard("c")
			w.Post("/v1/billing.attach", as("c", packs))
			w.Billed("c", 900)
			w.Billed("d", 900)
			w.Advance("1m")
			w.Post("/v1/billing.attach", as("d", packs))
			w.Billed("d", 900, 900)
		})
	}
}
