package budgets

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

var usageBudgets = []budget{
	{"check through a credit system", credits, func(w *World) { w.Check("c", "action1") }, cost{requests: 1, reads: 2}},
	{"check with a use", warm, func(w *World) { w.Check("c", "messages", JSON{"send_event": true}) }, cost{requests: 1, writes: 1}},
	{"track of a feature paid by credits alone", credits, func(w *World) { w.Track("c", "action2", 1) }, cost{requests: 1, writes: 1}},
	{"track of a covered feature, own allowance", credits, func(w *World) { w.Track("c", "action1", 1) }, cost{requests: 1, writes: 1}},
	{"track of a covered feature, by credits", credits, func(w *World) { w.Track("c", "action1", 10); w.Track("c", "action1", 1) }, cost{requests: 3, writes: 3}},
	{"track of a feature on 16 shards", sharded, func(w *World) { w.Track("c", "messages", 1) }, cost{requests: 1, writes: 1}},
	{"track with a key of it", sharded, func(w *World) {
		w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "idempotency_key": "k"})
	}, cost{requests: 1, writes: 4}},
	{"batch of 100 events of one customer", warm, batchOf(100, 1), cost{requests: 1, writes: 11}},
	{"the same with an Idempotency-Key", warm, func(w *World) {
		if a := w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", batchEvents(100, 1), IdempotencyKey("k")); a.Status != 202 {
			w.Fatal(a.Text)
		}
	}, cost{requests: 3, writes: 26}},
	{"batch of 100 events that do not all fit", func(w *World) { warm(w); w.Track("c", "messages", 40) }, batchOf(100, 1), cost{requests: 2, writes: 22}},
	{"batch of 100 events of 10 customers", func(w *World) {
		for i := range 10 {
			w.Post("/v1/customers", JSON{"id": batchCustomer(i, 10)})
		}
	}, batchOf(100, 10), cost{requests: 10, writes: 20}},
	{"100 events of a batch filed, with their sum", func(w *World) {
		tracked(w)
		w.Stack.HoldStream(true)
		batchOf(100, 1)(w)
	}, release, cost{requests: 101, writes: 101}},
	{"check of it", sharded, func(w *World) { w.Check("c", "messages") }, cost{requests: 2, reads: 17}},
	{"a track filed, with its sum, of a known customer", heldTracks(1), release, cost{requests: 2, writes: 2}},
	{"10 tracks filed, with their sum", heldTracks(10), release, cost{requests: 11, writes: 11}},
	{"100 tracks filed, with their sum", heldTracks(100), release, cost{requests: 101, writes: 101}},
	{"report of 90 days with a use on each", usedFor90Days, func(w *World) {
		w.Post("/v1/query", JSON{"customer_id": "c", "feature_id": "messages", "range": "90d"})
	}, cost{requests: 3, reads: 10}},
	{"10 tracks filed, with their sum and groups", func(w *World) { grouped(w); heldTracks(10)(w) }, release, cost{requests: 13, reads: 1, writes: 12}},
	{"report of 90 days by a property", func(w *World) { grouped(w); usedFor90Days(w) }, func(w *World) {
		w.Post("/v1/query", JSON{"customer_id": "c", "feature_id": "messages", "range": "90d", "group_by": "model"})
	}, cost{requests: 4, reads: 12}},
	{"track gives back", warm, func(w *World) { w.Track("c", "messages", 1); w.Track("c", "messages", -1) }, cost{requests: 2, writes: 2}},
}

func TestUsageKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	for _, b := range usageBudgets {
		t.Run(b.call, func(t *testing.T) {
			t.Parallel()
			got := b.measure(t)
			t.Logf("%d requests, %g RCU, %g WCU", got.requests, got.reads, got.writes)
			if got.requests > b.most.requests || got.reads > b.most.reads || got.writes > b.most.writes {
				t.Errorf("took %+v, the most is %+v", got, b.most)
			}
		})
	}
}

// heldTracks are tracks that the stream still holds back, of a customer with a sum.
func heldTracks(n int) func(w *World) {
	return func(w *World) {
		tracked(w)
		w.Stack.HoldStream(true)
		for range n {
			w.Track("c", "messages", 1)
		}
	}
}

// batchEvents are events of messages, of so many customers in turn.
func batchEvents(n, customers int) (events []JSON) {
	for i := range n {
		events = append(events, JSON{"customer_id": batchCustomer(i, customers), "feature_id": "messages", "value": 1})
	}
	return events
}

func batchCustomer(i, of int) string {
	if of == 1 {
		return "c"
	}
	return fmt.Sprint("c", i%of)
}

func batchOf(n, customers int) func(w *World) {
	return func(w *World) {
		if a := w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", batchEvents(n, customers)); a.Status != 202 {
			w.Fatal(a.Text)
		}
	}
}

// grouped: messages are grouped by a property, as all functions know.
func grouped(w *World) {
	w.Post("/v1/features/messages", JSON{"group_by": []string{"model"}})
	w.Advance("2m")
}

func release(w *World) {
	w.Stack.HoldStream(false)
	w.WaitIdle()
}

func usedFor90Days(w *World) {
	warm(w)
	for day := range 90 {
		w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "timestamp": T0.AddDate(0, 0, -day).UnixMilli()})
	}
	w.WaitIdle()
}

// sharded: messages are unlimited and counted on 16 rows, which are open.
func sharded(w *World) {
	w.Post("/v1/features/messages", JSON{"write_shards": 16})
	w.Product("flat", "flat", Unlimited("messages")).Default()
	warm(w)
	w.Track("c", "messages", 1)
}

// credits: action1 has an allowance of 10 of its own, action2 has none.
func credits(w *World) {
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{
		{"metered_feature_id": "action1", "credit_cost": 0.2}, {"metered_feature_id": "action2", "credit_cost": 0.6}}})
	w.Product("pool", "pool", Consumable("credits", 100)).Default()
	w.Product("own", "own", Consumable("action1", 10)).Default()
	warm(w)
}
