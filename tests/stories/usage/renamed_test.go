package usage

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// listed are the values of a customer's events, page by page, and each is the customer's.
func listed(w *World, id string, more JSON) (out []any) {
	w.Helper()
	w.WaitIdle()
	body := Merge(JSON{"customer_id": id, "limit": 2}, more)
	for range 30 {
		a := w.Post("/v1/events/list", body)
		for _, e := range a["list"].([]any) {
			w.Want("whose", ValueAt(e, "customer_id"), id)
			out = append(out, ValueAt(e, "value"))
		}
		next, _ := a["next_cursor"].(string)
		if next == "" {
			return out
		}
		body["start_cursor"] = next
	}
	w.Fatalf("no end: %v", out)
	return nil
}

// used is what the reports of a customer have in all: by days, and by a property.
func used(w *World, id string) (sums []any) {
	w.Helper()
	w.WaitIdle()
	for _, more := range []JSON{{}, {"bin_size": "hour"}, {"group_by": "properties.model"}} {
		a := w.Post("/v1/events.aggregate", Merge(JSON{"customer_id": id, "feature_id": "messages", "range": "7d"}, more))
		sums = append(sums, ValueAt(a, "total.messages.sum"))
	}
	return sums
}

// A customer keeps what was used under the ids of before; whoever has one of them before or since has none of it.
func TestCUS08UsageOfFormerIDs(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/features/messages", JSON{"group_by": []string{"model"}})
	track := func(id string, n int) {
		w.Post("/v1/track", JSON{"customer_id": id, "feature_id": "messages", "value": n, "properties": JSON{"model": fmt.Sprint("m", n%2)}})
		w.Advance("1h")
	}
	w.Post("/v1/customers", JSON{"id": "d"}) // has the later id before
	track("d", 7)
	w.RequireDeleted("d", "")
	w.Advance("1h")
	track("c", 1)
	track("c", 2)
	w.Post("/v1/customers/c", JSON{"id": "d"})
	track("d", 3)
	w.Post("/v1/customers", JSON{"id": "c"}) // has the earlier one since
	track("c", 50)
	w.Post("/v1/customers/c", JSON{"id": "other"})
	w.Advance("1s")
	w.Post("/v1/customers/d", JSON{"id": "c"}) // and the first one has it again
	track("c", 4)
	w.Want("events", listed(w, "c", JSON{}), []any{4, 3, 2, 1})
	w.Want("sums", used(w, "c"), []any{10, 10, 10})
	w.Want("events of the other", listed(w, "other", JSON{}), []any{50})
	w.Want("sums of the other", used(w, "other"), []any{50, 50, 50})
	w.Advance("49h") // whole days are told by sums
	track("c", 5)
	w.Want("events", listed(w, "c", JSON{}), []any{5, 4, 3, 2, 1})
	w.Want("sums", used(w, "c"), []any{15, 15, 15})
	w.Post("/v1/customers", JSON{"id": "d"})
	w.Want("no more than there are", w.Post("/v1/events/list", JSON{"customer_id": "other", "limit": 1})["has_more"], false)
	w.Want("somebody new", listed(w, "d", JSON{}), []any(nil))
}
