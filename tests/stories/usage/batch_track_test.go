package usage

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

const batchTrack = "/v1/balances.batch_track"

// batch posts events and returns the answer, which must be 202.
func batch(w *World, events []JSON, change ...func(*http.Request)) JSON {
	w.Helper()
	a := w.Do(w.Stack.Key, "POST", batchTrack, events, change...)
	if a.Status != http.StatusAccepted || a.Body["success"] != true {
		w.Fatalf("a batch: %d %s", a.Status, a.Text)
	}
	return a.Body
}

// notRecorded lists index and code of what a batch did not record.
func notRecorded(answer JSON) (out []string) {
	for _, e := range answer["not_recorded"].([]any) {
		out = append(out, fmt.Sprint(ValueAt(e, "index"), " ", ValueAt(e, "code")))
	}
	return out
}

func event(customer, feature string, value any, more ...JSON) JSON {
	return Merge(JSON{"customer_id": customer, "feature_id": feature, "value": value}, more...)
}

// Many events of several customers in one call: each counts as its own track would.
func TestABatchCountsEveryEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("calls", "single_use", JSON{"event_names": []string{"request"}})
	w.Feature("bytes", "single_use", JSON{"event_names": []string{"request"}})
	w.Product("kit", "kit", Lifetime("calls", 10), Lifetime("bytes", 4)).Default()
	w.Post("/v1/customers", JSON{"id": "c"})
	at := T0.AddDate(0, 0, -1).UnixMilli()
	answer := batch(w, []JSON{
		event("c", "messages", 0.5, JSON{"timestamp": at, "properties": JSON{"model": "large"}}),
		event("new", "messages", 7, JSON{"customer_data": JSON{"name": "New"}, "async": true}),
		event("c", "messages", 60), event("c", "messages", 60), event("c", "messages", 2, JSON{"overage_behavior": "reject"}),
		event("c", "messages", -1),
		{"customer_id": "c", "event_name": "request", "value": 6},
		{"customer_id": "new", "feature_id": "messages"},
	})
	w.Want("recorded", answer["recorded"], 7)
	w.Want("refused", notRecorded(answer), []string{"4 insufficient_balance"})
	w.Want("the message", ValueAt(answer["not_recorded"].([]any)[0], "message"), w.Refused(400, "insufficient_balance", "/v1/track", event("c", "messages", 2000, JSON{"overage_behavior": "reject"})))
	w.Want("dropped", answer["dropped"], []JSON{
		{"index": 3, "customer_id": "c", "feature_id": "messages", "dropped": 20.5}, {"index": 6, "customer_id": "c", "feature_id": "bytes", "dropped": 2}})
	w.HasBalance("c", "messages", true, 1)
	w.HasBalance("c", "calls", true, 4)
	w.HasBalance("c", "bytes", false, 0)
	w.HasBalance("new", "messages", true, 92)
	w.Want("the name of a customer who was unknown", w.Customer("new")["name"], "New")
	w.WaitIdle()
	w.Want("events", len(listEvents(w, "c")), 6)
	oldest := listEvents(w, "c", JSON{"custom_range": JSON{"start": at, "end": at + 1}})
	w.Want("its properties", ValueAt(oldest[0], "properties"), JSON{"model": "large"})
	w.Want("sum", ValueAt(w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "7d"}), "total.messages.sum"), 119.5)
}

// What no balance could ever allow refuses the whole batch, and says which event is wrong.
func TestABatchWithAWrongEventIsRefusedWhole(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	good := event("c", "messages", 1)
	for _, bad := range []struct {
		status      int
		code, place string
		event       JSON
	}{
		{400, "invalid_inputs", "[1] customer_id", JSON{"feature_id": "messages"}},
		{400, "invalid_inputs", "[1] feature_id", JSON{"customer_id": "c"}},
		{404, "feature_not_found", "[1] ", event("new", "nothing", 1)},
		{400, "invalid_request", "[1] ", event("c", "dashboard", 1)},
		{400, "invalid_event_name", "[1] ", JSON{"customer_id": "c", "event_name": "nothing"}},
		{400, "usage_too_large", "[1] ", event("c", "messages", 2e9)},
		{400, "invalid_inputs", "[1] ", event("c", "messages", 1, JSON{"properties": JSON{"x": LongText(1100)}})},
		{400, "invalid_inputs", "[1].value", event("c", "messages", "many")},
		{400, "invalid_request", "[1].lock", event("c", "messages", 1, JSON{"lock": JSON{"lock_id": "l", "enabled": true}})},
		{400, "invalid_inputs", "[1] ", event("new", "messages", 1, JSON{"customer_data": JSON{"email": "none"}})},
		{400, "invalid_inputs", "[1] timestamp", event("c", "messages", 1, JSON{"timestamp": 1})},
	} {
		message := w.Refused(bad.status, bad.code, batchTrack, []JSON{good, bad.event, event("new", "messages", 1)})
		if !strings.HasPrefix(message, bad.place) {
			t.Errorf("%v: %q does not begin with %q", bad.event, message, bad.place)
		}
	}
	w.Refused(400, "invalid_inputs", batchTrack, []JSON{})
	many := make([]JSON, 1001)
	for i := range many {
		many[i] = good
	}
	w.Refused(400, "invalid_inputs", batchTrack, many)
	if w.Stack.Tables() != before {
		t.Error("a refused batch wrote to the table")
	}
	batch(w, many[:1000]) // in several parts
	w.HasBalance("c", "messages", false, 0)
	w.WaitIdle()
	w.Want("sum", ValueAt(w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "7d"}), "total.messages"), JSON{"count": 1000, "sum": 1000})
}

// Keys of events: each counts once, in one batch, in two, and beside a track.
func TestABatchCountsAKeyOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	keyed := func(key string, value any, more ...JSON) JSON {
		return event("c", "messages", value, append(more, JSON{"idempotency_key": key})...)
	}
	w.Post("/v1/track", keyed("a", 1))
	events := []JSON{keyed("a", 1), keyed("b", 2), keyed("b", 2), keyed("c", 4), event("d", "messages", 5, JSON{"idempotency_key": "a"}),
		keyed("e", 400, JSON{"overage_behavior": "reject"}), keyed("e", 8)}
	w.Want("not recorded", notRecorded(batch(w, events)), []string{"0 duplicate_idempotency_key", "2 duplicate_idempotency_key", "5 insufficient_balance"})
	w.HasBalance("c", "messages", true, 85)
	w.HasBalance("d", "messages", true, 95)
	w.Want("recorded by the second call", batch(w, append(events, keyed("f", 16)))["recorded"], 1)
	w.HasBalance("c", "messages", true, 69)
	w.Refused(409, "duplicate_idempotency_key", "/v1/track", keyed("f", 1))
}

// The header is that of the call: the first answer comes again, and nothing counts twice.
func TestABatchIsRepeatedUnderItsKey(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	events := []JSON{event("c", "messages", 70), event("c", "messages", 70), event("new", "messages", 1)}
	first := w.Do(w.Stack.Key, "POST", batchTrack, events, IdempotencyKey("k"))
	again := w.Do(w.Stack.Key, "POST", batchTrack, events, IdempotencyKey("k"))
	w.Want("status", again.Status, http.StatusAccepted)
	w.Want("the answer", again.Text, first.Text)
	w.Want("another body", w.Do(w.Stack.Key, "POST", batchTrack, events[:1], IdempotencyKey("k")).Status, 422)
	w.HasBalance("new", "messages", true, 99)
	w.Advance("25h") // the key is forgotten
	batch(w, events, IdempotencyKey("k"))
	w.HasBalance("new", "messages", true, 98)
}

// Customers fail apart. The error says which events are left, and the call is repeated under
// its key, or with a key in each event, until all are recorded: each once.
func TestABatchThatFailsForOneCustomerIsRepeated(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"header", "key of each event"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			var events []JSON
			for i := range 9 {
				events = append(events, event(fmt.Sprint("c", i%3), "messages", 50))
				if how != "header" {
					events[i]["idempotency_key"] = fmt.Sprint("k", i)
				}
			}
			header := func(r *http.Request) {
				if how == "header" {
					IdempotencyKey("call")(r)
				}
			}
			for i := range 3 {
				w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", i)})
			}
			var calls atomic.Int64
			w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
				if strings.Contains(fmt.Sprint(c.Keys), "#CUS#c1") && calls.Add(1) > 0 {
					return dynamodb.Fault{Kind: dynamodb.FaultConflict}
				}
				return dynamodb.Fault{}
			})
			a := w.Do(w.Stack.Key, "POST", batchTrack, events, header)
			if a.Status != 503 || a.Body["code"] != "batch_incomplete" || !strings.Contains(a.Text, "6 of 9") || !strings.Contains(a.Text, "1, 4, 7") {
				t.Errorf("got %d %s", a.Status, a.Text)
			}
			w.Stack.DB.SetFault(nil)
			answer := batch(w, events, header)
			if calls.Load() == 0 {
				t.Error("nothing failed")
			}
			for i := range 3 {
				w.HasBalance(fmt.Sprint("c", i), "messages", false, 0)
				w.Want("events", len(listEvents(w, fmt.Sprint("c", i))), 3)
			}
			if how == "header" {
				w.Want("recorded", answer["recorded"], 9)
				w.Want("dropped", len(answer["dropped"].([]any)), 3)
			} else {
				w.Want("recorded", answer["recorded"], 3)
			}
		})
	}
}

// Some events of a batch can't be filed at first: those before them are in the sum by then,
// and the others follow when the change comes again.
func TestABatchIsFiledInPieces(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 1)
	var events []JSON
	for i := range 40 {
		events = append(events, event("c", "messages", 1+i, JSON{"timestamp": T0.UnixMilli() + int64(i)}))
	}
	middle := fmt.Sprintf("%015d", T0.UnixMilli()+20)
	var failed atomic.Int64
	w.Stack.DB.SetFault(func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation != "PutItem" || !strings.HasSuffix(c.Keys[0].Partition, "#USED#c") {
			return dynamodb.Fault{}
		}
		if c.Keys[0].Sort > middle && failed.Add(1) < 100 {
			return dynamodb.Fault{Kind: dynamodb.FaultInternal}
		}
		return dynamodb.Fault{}
	})
	batch(w, events)
	w.WaitIdle()
	if failed.Load() < 100 {
		t.Error("nothing failed for long")
	}
	w.Want("events", len(listEvents(w, "c")), 41)
	w.Want("sum", ValueAt(w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "7d"}), "total.messages"), JSON{"count": 41, "sum": 1 + 41*20})
}
