package entities

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	. "windfall/tests/world"
)

// An id is any text that customers' ids may be; what it holds means nothing.
func TestENT29AnyID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Product("wide", "main", Price(20), Included("seats", 50), EachSeat(Messages(100)))
	w.Attach("c", "wide")
	ids := []string{"a#b", "#", "a", "a#", "messages#a", "é", "e\u0301", "👩‍💻", "a b", "a+b", "a&b=c", `a"b`, "null", "ENTITY#a", "a:b;c,d", "<b>", "日本語", strings.Repeat("x", 200), "0", "a.b"}
	for _, id := range ids {
		made := w.Post("/v1/entities.create", JSON{"customer_id": "c", "entity_id": id, "feature_id": "seats", "name": "of " + id})
		w.Want("made "+id, made["id"], id)
	}
	for n, id := range ids {
		sold(w, "attach", ofEntity(id, "desk_use"))
		w.TrackOf(id, "messages", n)
		left(w, id, "messages", 110-n, n)
		got := w.Do(w.Stack.Key, "GET", "/v1/customers/c/entities/"+url.PathEscape(id), nil)
		w.Want("by its path "+id, got.Body["id"], id)
	}
	w.CustomerHas("messages", 110*len(ids)-len(ids)*(len(ids)-1)/2)
	w.TrackOf("a#b", "messages", 130) // 20 and what there was of it beyond
	w.WaitIdle()
	w.AdvancePastRenewal(t1)
	w.Advance("2h")
	for n, id := range ids {
		want := []any{[]any{10.0, id}, []any{10.0, id}}
		if n == 0 {
			want[0] = []any{12.0, id}
		}
		w.Want("billed "+id, totals(w, Of(id)), want)
		left(w, id, "messages", 110, 0)
	}
	for _, id := range []string{"a#b", "👩‍💻", `a"b`} {
		w.Post("/v1/billing.update", ofEntity(id, "desk_use", JSON{"cancel_action": "cancel_immediately"}))
		w.WaitIdle()
		w.Want("deleted", w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/"+url.PathEscape(id), nil).Status, 200)
	}
	w.Want("the others are there", len(w.Customer("c", "entities")["entities"].([]any)), len(ids)-3)
	left(w, "a", "messages", 110, 0)
	for _, id := range []string{"a/b", "a?b", "a%62", " a", "a\t", "..", "\u200b", strings.Repeat("x", 300)} {
		w.Refused(400, "invalid_inputs", "/v1/billing.attach", ofEntity(id, "desk"))
		w.Refused(400, "invalid_inputs", "/v1/balances.create", toEntity(id, "messages", JSON{"included_grant": 1}))
		w.Refused(400, "invalid_inputs", "/v1/events.list", JSON{"customer_id": "c", "entity_id": id})
	}
}

// Each customer has entities of their own, whatever the ids.
func TestENT30AnotherCustomersEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.CustomerWithEmailAndCard("d")
	w.Seat("d", "b")
	lock(w, "a", "l", 5)
	for path, body := range map[string]JSON{
		"billing.attach":          {"plan_id": "desk"},
		"billing.preview_attach":  {"plan_id": "desk"},
		"billing.multi_attach":    {"plans": []JSON{{"plan_id": "desk"}}},
		"billing.update":          {"plan_id": "desk", "cancel_action": "uncancel"},
		"billing.preview_update":  {"plan_id": "desk", "cancel_action": "cancel_immediately"},
		"billing.multi_update":    {"updates": []JSON{{"plan_id": "desk", "cancel_action": "cancel_immediately"}}},
		"billing.create_schedule": {"phases": []JSON{{"plans": []JSON{{"plan_id": "desk_pro"}}}, {"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "desk"}}}}},
		"billing.setup_payment":   {},
		"balances.create":         {"feature_id": "messages", "included_grant": 5},
		"balances.update":         {"feature_id": "messages", "remaining": 5},
		"balances.delete":         {"feature_id": "messages"},
		"balances.list":           {},
		"balances.check":          {"feature_id": "messages", "lock": JSON{"enabled": true, "lock_id": "m"}},
		"balances.track":          {"feature_id": "messages"},
		"events.list":             {},
		"events.aggregate":        {"feature_id": "messages"},
		"invoices.list":           {},
		"plans.list":              {},
		"entities.get":            {},
		"entities.delete":         {},
	} {
		w.Refused(404, "entity_not_found", "/v1/"+path, Merge(JSON{"customer_id": "d", "entity_id": "a"}, body))
		w.Refused(404, "entity_not_found", "/v1/"+path, Merge(JSON{"customer_id": "d", "entity_id": "z"}, body))
	}
	w.EntityHas("a", "messages", 1095)
}

// Ten at once for one place: one is made, and pays one seat.
func TestENT31ManyAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "1", "2", "3", "4")
	at := func(n int, do func(i int) int) map[int]int {
		var running sync.WaitGroup
		var mu sync.Mutex
		got := map[int]int{}
		for i := range n {
			running.Go(func() {
				status := do(i)
				mu.Lock()
				defer mu.Unlock()
				got[status]++
			})
		}
		running.Wait()
		w.WaitIdle()
		return got
	}
	post := func(path string, body JSON) int { return w.Do(w.Stack.Key, "POST", path, body).Status }
	made := at(10, func(i int) int {
		return post("/v1/entities.create", JSON{"customer_id": "c", "entity_id": fmt.Sprint("new", i), "feature_id": "seats"})
	})
	w.Want("one place", fmt.Sprint(made), "map[200:1 400:9]")
	w.DeleteSeat("1")
	made = at(10, func(int) int {
		return post("/v1/balances.track", toEntity("x", "messages", JSON{"value": 3, "entity_data": JSON{"feature_id": "seats"}}))
	})
	w.Want("made by the first of ten tracks", fmt.Sprint(made), "map[200:10]")
	left(w, "x", "messages", 1070, 30)
	w.CustomerHas("seats", 0)
	gone := at(8, func(i int) int {
		if i%2 == 0 {
			return w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/x", nil).Status
		}
		return post("/v1/balances.track", toEntity("x", "messages", JSON{"value": 110}))
	})
	w.Want("deleted once", gone[200] >= 1 && gone[500] == 0, true)
	w.CustomerHas("seats", 1)
	w.Seat("c", "x")
	w.Want("a new one", ValueAt(w.Post("/v1/balances.list", toEntity("x", "messages")), "list.0.remaining"), 100)
	bought := at(4, func(int) int { return post("/v1/billing.attach", ofEntity("x", "desk")) })
	w.Want("bought once", bought[200], 1)
	w.Billed("c", 2000, 1000)
}
