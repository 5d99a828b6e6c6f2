package entities

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// A plan for each of 110 entities: changed for one, billed for all, and deleted with their customer.
func TestENT34AHundredPlans(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("wide", "main", Price(20), Included("seats", 200), EachSeat(Messages(100)))
	w.Team("wide")
	const n = 110
	for at := 0; at < n; at += 22 {
		var ids []string
		for i := range 22 {
			ids = append(ids, fmt.Sprint("e", at+i))
		}
		seats(w, ids...)
	}
	for i := range n {
		if a := w.Do(w.Stack.Key, "POST", "/v1/billing.attach", ofEntity(fmt.Sprint("e", i), "desk")); a.Status != 200 {
			t.Fatalf("%d: %d %s", i, a.Status, a.Text)
		}
	}
	w.WaitIdle()
	w.HasSubscriptions("c", n+1)
	w.EntityHas("e77", "messages", 300)
	w.CustomerHas("messages", 300*n)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	preview, _ := sold(w, "attach", ofEntity("e77", "desk_pro"))
	w.Want("half of a month", preview["total"], 10)
	sold(w, "update", ofEntity("e78", "desk", JSON{"cancel_action": "cancel_immediately"}))
	w.AdvancePastRenewal(t1)
	w.CustomerHas("messages", 300*n+300-200)
	w.Want("billed", total(w), int64(2000+1000*n+1000-500+2000+1000*(n-2)+3000))
	w.Want("listed", len(w.Post("/v1/customers.get", JSON{"customer_id": "c"})["subscriptions"].([]any)), n)
	w.Want("a page of them", len(w.Post("/v1/entities.list", JSON{"customer_id": "c", "limit": 100})["list"].([]any)), 100)
	w.RequireDeleted("c", "?cancel=true")
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Want("nothing is left", len(w.Post("/v1/customers.get", JSON{"customer_id": "c"})["subscriptions"].([]any)), 1)
}
