package entities

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// The customer's page, a change of plan and a deletion are as for a customer of none.
func TestENT20AThousandEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("big", "main", Price(20), Included("seats", 1000), EachSeat(Messages(100)), EachSeat(Consumable("images", 2)))
	w.Product("bigger", "main", Price(50), Included("seats", 2000), EachSeat(Messages(300)))
	w.Team("big")
	for i := range 40 {
		var ids []string
		for n := range 25 {
			ids = append(ids, fmt.Sprintf("seat_%d", i*25+n))
		}
		seats(w, ids...)
	}
	refused(w, 400, "insufficient_balance", "POST /v1/customers/c/entities", JSON{"id": "one more", "feature_id": "seats"})
	w.CustomerHas("messages", 100*1000)
	w.TrackOf("seat_999", "messages", 40)
	w.Track("c", "messages", 250) // of the first three
	w.EntityHas("seat_2", "messages", 50)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("c", "bigger")
	w.EntityHas("seat_2", "messages", 300)
	w.WaitIdle()
	w.Billed("c", 2000, 1500)
	w.CustomerHas("messages", 300*1000)
	w.CustomerHas("seats", 1000)
	w.TrackOf("seat_2", "messages", 290) // its row has followed: without a look at the customer's
	w.EntityHas("seat_2", "messages", 10)
	w.Want("page", len(w.Customer("c", "entities")["entities"].([]any)), 1000)
	w.Want("sum", ValueAt(w.Customer("c"), "features.messages.balance"), 300*1000-290)
	w.RequireDeleted("c", "?cancel=true")
	w.Post("/v1/customers", JSON{"id": "c"})
	refused(w, 404, "entity_not_found", "GET /v1/customers/c/entities/seat_7", nil)
}
