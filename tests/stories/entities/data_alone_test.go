package entities

import (
	"testing"

	. "windfall/tests/world"
)

// Data of an entity is refused where no entity is named: it would make none.
func TestENT43DataOfNoEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	data := JSON{"entity_data": JSON{"feature_id": "seats"}}
	for path, body := range map[string]JSON{
		"/v1/attach":                 {"product_id": "booster"},
		"/v1/checkout":               {"product_id": "booster"},
		"/v1/attach/preview":         {"product_id": "booster"},
		"/v1/check":                  {"feature_id": "messages"},
		"/v1/track":                  {"feature_id": "messages"},
		"/v1/billing.attach":         {"plan_id": "booster"},
		"/v1/billing.preview_attach": {"plan_id": "booster"},
		"/v1/billing.multi_attach":   {"plans": []JSON{{"plan_id": "booster"}}},
		"/v1/balances.check":         {"feature_id": "messages"},
		"/v1/balances.track":         {"feature_id": "messages"},
	} {
		ask := Merge(JSON{"customer_id": "c"}, body)
		before := w.Stack.Tables()
		for _, id := range []JSON{{}, {"entity_id": nil}, {"entity_id": ""}} {
			text := w.Refused(400, "invalid_inputs", path, Merge(ask, data, id))
			w.Want(path, text, "entity_data: it makes the entity of entity_id, which is missing. Send both, or neither.")
			w.Refused(400, "invalid_inputs", path, Merge(ask, JSON{"entity_data": JSON{}}, id))
		}
		if w.Stack.Tables() != before {
			t.Error(path, "left something behind")
		}
		if path != "/v1/attach/preview" && path != "/v1/billing.preview_attach" {
			w.Post(path, Merge(ask, JSON{"entity_data": nil})) // says nothing
		}
	}
	w.Post("/v1/billing.multi_attach", Merge(JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "booster", "entity_id": "e"}}}, data))
	w.Want("its entity", ValueAt(w.Get("/v1/customers/c/entities/e"), "id"), "e")
}
