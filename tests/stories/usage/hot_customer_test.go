package usage

import (
	"strings"
	"sync/atomic"
	"testing"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

// throttleAfter accepts so many writes on each partition and refuses the rest,
// as DynamoDB does with 1,000 in a second.
func throttleAfter(limit int) func(dynamodb.Call) dynamodb.Fault {
	writes := map[string]int{}
	return func(c dynamodb.Call) dynamodb.Fault {
		if c.Operation != "UpdateItem" {
			return dynamodb.Fault{}
		}
		pk := c.Keys[0].Partition
		if writes[pk]++; writes[pk] > limit {
			return dynamodb.Fault{Kind: dynamodb.FaultThrottle}
		}
		return dynamodb.Fault{}
	}
}

// trackOverLimit lets the crowd track ten times the limit of one partition, and
// returns how many were counted and how many refused.
func trackOverLimit(t *testing.T, w *World) (counted, refused int64) {
	w.Product("open", "open", Price(5), Overage("words", 0, 0.1, 1))
	w.Buy("c", "open")
	w.Track("c", "words", 1)
	w.Stack.DB.SetFault(throttleAfter(64))
	var yes, no atomic.Int64
	inAllClients(10, func(int, int) {
		a := w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "words"})
		switch {
		case a.Status == 200:
			yes.Add(1)
		case a.Status == 429 && a.Body["code"] == "rate_limit_exceeded" && a.Header.Get("Retry-After") == "1":
			no.Add(1)
		default:
			t.Errorf("%d %s", a.Status, a.Text)
		}
	})
	w.Stack.DB.SetFault(nil)
	w.Want("usage", wordsUsed(w), yes.Load()+1)
	return yes.Load(), no.Load()
}

// Writes beyond the limit of one row are refused with 429, and certainly not
// counted.
func TestAHotCustomerIsToldToSlowDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use", JSON{"write_shards": 1})
	if counted, refused := trackOverLimit(t, w); counted != 64 || refused != 10*clients-64 {
		t.Errorf("%d counted, %d refused", counted, refused)
	}
}

// With n shards the limit is n times as high.
func TestAHotFeatureIsCountedOnSeveralRows(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use", JSON{"write_shards": 16})
	if counted, refused := trackOverLimit(t, w); refused > 0 {
		t.Errorf("%d counted, %d refused", counted, refused)
	}
	w.Want("shards", strings.Count(w.Stack.DB.Dump(), "#SHARD#"), 16)
}

// Where usage has a limit, shards change nothing: the limit holds to the last
// unit.
func TestShardsNeverPassALimit(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use", JSON{"write_shards": 16})
	w.Product("some", "some", Price(5), Merge(Overage("words", 10, 0.1, 1), JSON{"usage_limit": 100}))
	w.Buy("c", "some")
	inAllClients(3, func(int, int) { w.Track("c", "words", 1) })
	w.Want("usage", wordsUsed(w), 100)
	w.Want("shards", strings.Count(w.Stack.DB.Dump(), "#SHARD#"), 0)
}

// Every reader of a balance adds up the shards: check, the customer, the
// invoice, a change of plan, a manual correction, the history.
func TestShardsAreAddedUpForWhoeverLooks(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use", JSON{"write_shards": 4})
	w.Product("open", "open", Price(5), Overage("words", 100, 0.1, 1))
	w.Product("big", "open", Price(50), Overage("words", 200, 0.1, 1))
	w.CustomerWithCard("c", "open")
	total := 100
	w.Track("c", "words", 100)
	for n := range 40 {
		w.Track("c", "words", n%5+1)
		total += n%5 + 1
	}
	w.Want("balance", w.Check("c", "words")["balance"], 100-total)
	w.Want("of the customer", ValueAt(w.Customer("c"), "features.words.usage"), total)
	sent := w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "words", "required_balance": 2, "send_event": true})
	total += 2
	w.Want("balance after a check that uses", sent["balance"], 100-total)
	w.Track("c", "words", -3)
	total -= 3
	w.Want("balance after some came back", w.Check("c", "words")["balance"], 100-total)
	w.AdvancePastRenewal(T1)
	w.Billed("c", int64(500), int64(500+10*(total-100)))
	w.Want("usage of the new month", wordsUsed(w), 0)
	w.Track("c", "words", 130)
	w.Track("c", "words", 7)
	w.Want("balance of the new month", w.Check("c", "words")["balance"], 100-137)
	w.Post("/v1/customers/c/balances", JSON{"balances": []any{JSON{"feature_id": "words", "balance": 20}}})
	w.Want("balance set by hand", w.Check("c", "words")["balance"], 20)
	w.Call("DELETE", "/v1/customers/c?cancel=true", nil)
	w.Want("rows left", strings.Count(w.Stack.DB.Dump(), "#SHARD#"), 0)
}
