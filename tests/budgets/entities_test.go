package budgets

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// What calls take of a customer with entities. Those of a customer of a thousand grow by
// the megabyte alone: their rows are beside the customer's.
var entityBudgets = []budget{
	{"check of an entity", crewOf(2), func(w *World) { w.Check("c", "messages", Of("e0")) }, cost{requests: 1, reads: 3}},
	{"check of an entity, of 1,000", crewOf(1000), func(w *World) { w.Check("c", "messages", Of("e999")) }, cost{requests: 1, reads: 3}},
	{"track of an entity", crewOf(2), func(w *World) { w.TrackOf("e0", "messages", 1) }, cost{requests: 1, writes: 1}},
	{"track of an entity, of 1,000", crewOf(1000), func(w *World) { w.TrackOf("e999", "messages", 1) }, cost{requests: 1, writes: 1}},
	{"track of an entity beyond its own", crewOf(2), func(w *World) { w.TrackOf("e0", "messages", 60) }, cost{requests: 3, reads: 3, writes: 5}},
	{"check of a customer with 2 entities", crewOf(2), check, cost{requests: 2, reads: 2}},
	{"check of a customer with 1,000 entities", crewOf(1000), check, cost{requests: 2, reads: 55}},
	{"track of a customer with 1,000 entities", crewOf(1000), func(w *World) { w.Track("c", "messages", 1) }, cost{requests: 1, writes: 1}},
	{"entity made", crewOf(2), func(w *World) { w.Seat("c", "new") }, cost{requests: 7, writes: 10}},
	{"entity deleted, of 1,000", crewOf(1000), func(w *World) { w.DeleteSeat("e500") }, cost{requests: 4, writes: 10}},
	{"customer get, 1,000 entities", crewOf(1000), func(w *World) { w.Get("/v1/customers/c") }, cost{requests: 2, reads: 55}},
	{"customer get, expand=entities, 1,000 of them", crewOf(1000), func(w *World) { w.Get("/v1/customers/c?expand=entities") }, cost{requests: 3, reads: 80}},
	{"attach paid, a change of plan of 1,000 entities", crewOf(1000), func(w *World) { w.Attach("c", "crew_pro") }, cost{requests: 4, reads: 4, writes: 42, stripe: 8}},
	{"the rows of 1,000 entities follow it", func(w *World) { crewOf(1000)(w); w.Stack.HoldStream(true); w.Attach("c", "crew_pro") }, release, cost{requests: 1010, writes: 1020}},
}

// crewOf is a customer with a number of entities, each of which has messages of its own.
func crewOf(n int) func(w *World) {
	return func(w *World) {
		secondTime(w)
		w.Product("crew", "crews", Price(20), Included("seats", 2000), EachSeat(Messages(50)), Messages(1000))
		w.Product("crew_pro", "crews", Price(50), Included("seats", 2000), EachSeat(Messages(200)), Messages(2000))
		w.Attach("c", "crew")
		for at := 0; at < n; at += 25 {
			var list []JSON
			for i := at; i < min(at+25, n); i++ {
				list = append(list, JSON{"id": fmt.Sprint("e", i), "feature_id": "seats"})
			}
			if a := w.Do(w.Stack.Key, "POST", "/v1/customers/c/entities", list); a.Status != 200 {
				w.Fatalf("%d %s", a.Status, a.Text)
			}
		}
		w.WaitIdle()
	}
}

func TestEntitiesKeepToTheirBudget(t *testing.T) {
	t.Parallel()
	for _, b := range entityBudgets {
		t.Run(b.call, func(t *testing.T) {
			t.Parallel()
			got := b.measure(t)
			t.Logf("%d requests, %g RCU, %g WCU, %d Stripe calls", got.requests, got.reads, got.writes, got.stripe)
			if got.requests > b.most.requests || b.most.reads > 0 && got.reads > b.most.reads || b.most.writes > 0 && got.writes > b.most.writes || got.stripe > b.most.stripe {
				t.Errorf("took %+v, the most is %+v", got, b.most)
			}
		})
	}
}
