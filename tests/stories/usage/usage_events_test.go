package usage

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

func listEvents(w *World, customer string, more ...JSON) []any {
	w.Helper()
	return w.Post("/v1/events/list", Merge(JSON{"customer_id": customer}, more...))["list"].([]any)
}

func TestEveryTrackIsKeptAsAnEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	at := T0.AddDate(0, 0, -2).UnixMilli()
	first := w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 0.1})
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 0.2, "timestamp": at, "properties": JSON{"model": "large", "n": 1.50}})
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 500, "idempotency_key": "k"}) // clamped
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 5})                           // exhausted
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": -3})
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": 7}) // not held
	w.HasBalance("c", "messages", true, 3)

	all := listEvents(w, "c")
	if len(all) != 6 {
		t.Fatalf("%d events, want 6: %v", len(all), all)
	}
	oldest := all[5].(JSON)
	w.Want("timestamp of the request", oldest["timestamp"], at)
	w.Want("properties", oldest["properties"], JSON{"model": "large", "n": 1.5})
	w.Want("value", oldest["value"], 0.2)
	found := false
	for _, e := range all {
		found = found || ValueAt(e, "id") == first["id"] && ValueAt(e, "customer_id") == "c" && ValueAt(e, "feature_id") == "messages"
	}
	if !found {
		t.Errorf("the event %v is not in the list", first["id"])
	}
	w.Want("of one feature", len(listEvents(w, "c", JSON{"feature_id": "words"})), 1)
	w.Want("of two", len(listEvents(w, "c", JSON{"feature_id": []string{"words", "messages"}})), 6)
	w.Want("of a range", len(listEvents(w, "c", JSON{"custom_range": JSON{"start": at, "end": at + 1}})), 1)

	w.Buy("c", "pro") // the row is saved without a track: the last event is not repeated
	w.Advance("1 month")
	w.HasBalance("c", "messages", true, 500)
	w.Want("after a purchase and a reset", len(listEvents(w, "c")), 6)
	w.Want("of an unknown customer", w.Do(w.Stack.Key, "POST", "/v1/events/list", JSON{"customer_id": "x"}).Status, 404)
}

func TestEventsOfAnotherCustomerWithTheSameIDAreNotShown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 1)
	w.Call("DELETE", "/v1/customers/c", nil)
	w.Advance("1h")
	w.Track("c", "messages", 2)
	got := listEvents(w, "c")
	if len(got) != 1 || ValueAt(got[0], "value") != 2.0 {
		t.Errorf("got %v", got)
	}
}

func TestPagesOfEvents(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for i := range 7 {
		w.Track("c", "messages", i+1)
	}
	seen := map[any]bool{}
	cursor := any("")
	for pages := 0; cursor != nil; pages++ {
		field := []string{"cursor", "start_cursor"}[pages%2] // its name in the other lists, and the one of the SDKs
		page := w.Post("/v1/events/list", JSON{"customer_id": "c", "limit": 3, field: cursor})
		for _, e := range page["list"].([]any) {
			seen[ValueAt(e, "id")] = true
		}
		if cursor = page["next_cursor"]; pages > 2 {
			t.Fatal("the pages do not end")
		}
	}
	w.Want("events on all pages", len(seen), 7)
	rest := w.Post("/v1/events/list", JSON{"customer_id": "c", "limit": 5, "offset": 4})
	w.Want("after an offset", []any{len(rest["list"].([]any)), rest["has_more"]}, []any{3, false})
	for _, bad := range []JSON{{"limit": 0}, {"limit": 1001}, {"offset": -1}, {"offset": 1e9}, {"start_cursor": "bm90IG91cnM"}, {"cursor": "5"}} {
		if a := w.Do(w.Stack.Key, "POST", "/v1/events/list", Merge(JSON{"customer_id": "c"}, bad)); a.Status != 400 {
			t.Errorf("%v: %d %s", bad, a.Status, a.Text)
		}
	}
}

func TestUsageIsAddedUpInBins(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 0.1)
	w.Advance("1h")
	w.Track("c", "messages", 0.2)
	w.Track("c", "messages", 0.1)
	w.Track("c", "words", 3)

	hours := w.Post("/v1/query", JSON{"customer_id": "c", "feature_id": []string{"messages", "words"}, "range": "24h"})["list"].([]any)
	w.Want("hours", len(hours), 25)
	w.Want("this hour", hours[24], JSON{"period": T0.UnixMilli() + 3_600_000, "messages": 0.3, "words": 3})
	w.Want("the hour before", hours[23], JSON{"period": T0.UnixMilli(), "messages": 0.1, "words": 0})
	for span, days := range map[string]int{"7d": 8, "30d": 31, "90d": 91, "last_cycle": 31} {
		list := w.Post("/v1/query", JSON{"customer_id": "c", "feature_id": "messages", "range": span})["list"].([]any)
		w.Want("days of "+span, len(list), days)
		w.Want("today of "+span, ValueAt(list[len(list)-1], "messages"), 0.4)
	}
	sums := w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "7d", "bin_size": "day"})
	w.Want("total", sums["total"], JSON{"messages": JSON{"count": 3, "sum": 0.4}})
	w.Want("last bin", sums["list"].([]any)[7], JSON{"period": T0.UnixMilli(), "values": JSON{"messages": 0.4}})

	for _, bad := range []JSON{{"range": "1y"}, {"feature_id": 3}, {"feature_id": []string{}}, {"bin_size": "century"},
		{"range": "7d", "custom_range": JSON{"start": 1}}, {"custom_range": JSON{"start": 5, "end": 5}}} {
		w.Refused(400, "invalid_inputs", "/v1/events/aggregate", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, bad))
	}
	for _, path := range []string{"/v1/query", "/v1/events/aggregate", "/v1/events/list"} {
		w.Refused(404, "feature_not_found", path, JSON{"customer_id": "c", "feature_id": "nothing"})
		w.Refused(404, "feature_not_found", path, JSON{"customer_id": "c", "feature_id": []string{"messages", "nothing"}})
	}
}

func TestAnEventMustFitIntoItsRow(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 1)
	before := w.Stack.Tables()
	for _, bad := range []JSON{{"properties": JSON{"text": strings.Repeat("x", 1020)}}, {"event_name": strings.Repeat("x", 201)}, {"properties": "text"}} {
		message := w.Refused(400, "invalid_inputs", "/v1/track", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, bad))
		t.Log(message)
	}
	if w.Stack.Tables() != before {
		t.Error("a refused track changed something")
	}
}

// Every third write of an event is refused or loses its answer, and batches are
// repeated: none is lost, none is there twice.
func TestEventsAreNeitherLostNorDoubled(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("much", "much", Consumable("storage", 1_000_000))
	w.Attach("c", "much")
	var n atomic.Int64
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation != "PutItem" || n.Add(1)%3 > 0 {
			return dynamodb.Fault{}
		}
		return dynamodb.Fault{Kind: []dynamodb.FaultKind{dynamodb.FaultThrottle, dynamodb.FaultLoseAnswer, dynamodb.FaultInternal}[n.Load()/3%3]}
	})
	var all sync.WaitGroup
	for client := range 16 {
		all.Go(func() {
			for i := range 10 {
				a := w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "storage", "value": 0.1,
					"properties": JSON{"n": fmt.Sprint(client, ".", i)}})
				if a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Text)
				}
			}
		})
	}
	all.Wait()
	w.WaitIdle()
	w.Stack.DB.SetFault(nil)
	sums := w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "storage", "range": "24h"})
	w.Want("events", sums["total"], JSON{"storage": JSON{"count": 160, "sum": 16}})
	w.HasBalance("c", "storage", true, 999_984)
	seen := map[any]bool{}
	for _, e := range listEvents(w, "c", JSON{"limit": 1000}) {
		seen[ValueAt(e, "properties.n")] = true
	}
	w.Want("different events", len(seen), 160)
}

// One row takes about 1,000 writes a second; beyond, the caller is told to
// slow down, and nothing is counted.
func TestAThrottledTrackIsToldToComeAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 1)
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation == "UpdateItem" {
			return dynamodb.Fault{Kind: dynamodb.FaultThrottle}
		}
		return dynamodb.Fault{}
	})
	a := w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages"})
	w.Stack.DB.SetFault(nil)
	if a.Status != 429 || a.Body["code"] != "rate_limit_exceeded" || a.Header.Get("Retry-After") != "1" {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Text)
	}
	w.HasBalance("c", "messages", true, 99)
	w.Want("events", len(listEvents(w, "c")), 1)
}

// The properties of usage are stored whether track or check records it.
func TestCheckKeepsThePropertiesOfItsUse(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, wrong := range []any{"x", JSON{"k": strings.Repeat("v", 1100)}} {
		w.Refused(400, "invalid_inputs", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "send_event": true, "properties": wrong})
	}
	w.HasBalance("c", "messages", true, 100)
	w.Check("c", "messages", JSON{"send_event": true, "properties": JSON{"model": "a"}})
	w.HasBalance("c", "messages", true, 99)
	w.Want("the event", ValueAt(w.Post("/v1/events/list", JSON{"customer_id": "c"}), "list.0.properties.model"), "a")
}
