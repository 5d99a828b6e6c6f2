package usage

import (
	"testing"

	. "windfall/tests/world"
)

// The entity_data of an event makes the entity, as that of a track does, for all events of the call that
// are of it; none is made for what would not be recorded.
func TestABatchMakesEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	about, of := JSON{"entity_data": JSON{"feature_id": "seats", "name": "E"}}, func(id string, more ...JSON) JSON { return Merge(JSON{"entity_id": id}, more...) }
	answer := batch(w, []JSON{
		event("c", "messages", 1, of("e", about)), event("c", "messages", 2, of("e")), event("c", "messages", 3, of("e", about)),
		event("c", "messages", 4, of("a")), event("c", "messages", 5, of("nobody")),
		event("c", "messages", 5000, of("f", about, JSON{"overage_behavior": "reject"})),
		event("new", "messages", 7, of("g", about, JSON{"customer_data": JSON{"name": "New"}})),
		event("c", "messages", 6, of("h", JSON{"entity_data": JSON{"feature_id": "messages"}})),
	})
	w.Want("recorded", answer["recorded"], 5)
	w.Want("refused", notRecorded(answer), []string{"4 entity_not_found", "5 insufficient_balance", "7 invalid_inputs"})
	for id, left := range map[string]float64{"e": 94, "a": 96} {
		w.Want("left of "+id, ValueAt(w.Post("/v1/balances.check", JSON{"customer_id": "c", "entity_id": id, "feature_id": "messages"}), "balance.remaining"), 1000+left)
	}
	w.Want("its name", w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "e"})["name"], "E")
	for _, id := range []string{"f", "h", "nobody"} {
		w.Refused(404, "entity_not_found", "/v1/entities.get", JSON{"customer_id": "c", "entity_id": id})
	}
}
