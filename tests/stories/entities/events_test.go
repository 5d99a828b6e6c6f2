package entities

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// listed is the values and entities of the events that a request asks for, newest first.
func listed(w *World, path string, more ...JSON) (out []any) {
	w.Helper()
	w.WaitIdle()
	for _, e := range w.Post(path, Merge(JSON{"customer_id": "c"}, more...))["list"].([]any) {
		out = append(out, []any{e.(JSON)["value"], e.(JSON)["entity_id"]})
	}
	return out
}

// Whatever balance pays, an event is of the entity that the call names.
func TestENT26EventsOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	for day, of := range []string{"a", "b", "", "a"} {
		w.AdvanceTo(T0.AddDate(0, 0, day))
		body := JSON{"customer_id": "c", "feature_id": "messages", "value": 90 + day}
		if of != "" {
			body["entity_id"] = of
		}
		w.Post("/v1/balances.track", body) // the second of a takes of the customer's, too
	}
	w.Post("/v1/check", toEntity("a", "messages", JSON{"required_balance": 5, "send_event": true}))
	lock(w, "b", "l", 7)
	w.Confirm("l", JSON{"override_value": 3})
	all := []any{[]any{3.0, "b"}, []any{5.0, "a"}, []any{93.0, "a"}, []any{92.0, nil}, []any{91.0, "b"}, []any{90.0, "a"}}
	for _, path := range []string{"/v1/events.list", "/v1/events/list"} {
		got := listed(w, path)
		w.Want("one of a moment "+path, len(got), len(all))
		w.Want(path+" from day 2", got[3:], all[3:])
		w.Want(path+" of a", listed(w, path, Of("a"), JSON{"custom_range": JSON{"end": T0.AddDate(0, 0, 2).UnixMilli()}}), []any{[]any{90.0, "a"}})
		w.Want(path+" of b", listed(w, path, Of("b")), []any{[]any{3.0, "b"}, []any{91.0, "b"}})
		w.Refused(404, "entity_not_found", path, JSON{"customer_id": "c", "entity_id": "z"})
	}
	page := w.Post("/v1/events.list", JSON{"customer_id": "c", "entity_id": "a", "limit": 2})
	w.Want("two", len(page["list"].([]any)), 2)
	page = w.Post("/v1/events.list", JSON{"customer_id": "c", "entity_id": "a", "limit": 2, "start_cursor": page["next_cursor"]})
	w.Want("the first of all", ValueAt(page, "list.0.value"), 90)
	w.Want("no more", page["next_cursor"], nil)
}

// The sums of one entity, and of all of them beside each other.
func TestENT26SumsOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.TrackOf("a", "messages", 10)
	w.TrackOf("b", "messages", 20)
	w.Track("c", "messages", 4)
	w.Advance("25h")
	w.TrackOf("a", "messages", 1)
	w.WaitIdle()
	ask := JSON{"customer_id": "c", "feature_id": "messages", "range": "7d"}
	for _, path := range []string{"/v1/events.aggregate", "/v1/events/aggregate"} {
		w.Want(path, ValueAt(w.Post(path, ask), "total.messages.sum"), 35)
		got := w.Post(path, Merge(JSON{}, ask, Of("a")))
		w.Want(path+" of a", ValueAt(got, "total.messages.sum"), 11)
		w.Want(path+" how many", ValueAt(got, "total.messages.count"), 2)
		bins := got["list"].([]any)
		w.Want(path+" today", ValueAt(bins[len(bins)-1], "values.messages"), 1)
		w.Want(path+" yesterday", ValueAt(bins[len(bins)-2], "values.messages"), 10)
		grouped := w.Post(path, Merge(JSON{}, ask, JSON{"group_by": "$entity_id"}))["list"].([]any)
		w.Want(path+" beside each other", ValueAt(grouped[len(grouped)-2], "grouped_values.messages"), JSON{"a": 10.0, "b": 20.0, "other": 4.0})
		w.Refused(404, "entity_not_found", path, Merge(JSON{}, ask, Of("z")))
	}
	w.Want("a chart", len(w.Post("/v1/query", Merge(JSON{}, ask, Of("b")))["list"].([]any)), 8)
	// Another entity of the same id has events of its own.
	w.DeleteSeat("a")
	w.Advance("1h")
	w.Seat("c", "a")
	w.TrackOf("a", "messages", 2)
	w.WaitIdle()
	w.Want("the new one", ValueAt(w.Post("/v1/events.aggregate", Merge(JSON{}, ask, Of("a"))), "total.messages.sum"), 2)
	w.Want("listed", listed(w, "/v1/events.list", Of("a"), JSON{"custom_range": JSON{"start": T0.UnixMilli(), "end": T0.Add(48 * time.Hour).UnixMilli()}}), []any{[]any{2.0, "a"}})
}
