package usage

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"windfall/local/dynamodb"
	"windfall/shared/money"
	. "windfall/tests/world"
)

// A crowd is 64 clients; the number of calls of each can be raised:
// go test ./tests/stories -run Crowd -tracks 1000
var tracks = flag.Int("tracks", 25, "tracks of each client in the crowd tests")

const clients = 64

// inAllClients runs act in all clients at once, so many times each.
func inAllClients(times int, act func(client, n int)) {
	var all sync.WaitGroup
	for c := range clients {
		all.Go(func() {
			for n := range times {
				act(c, n)
			}
		})
	}
	all.Wait()
}

// postForCode is a call that may be refused; it returns the code, "" for success.
func postForCode(w *World, path string, body JSON) (code string, answer JSON) {
	a := w.Do(w.Stack.Key, "POST", path, body)
	code, _ = a.Body["code"].(string)
	if a.Status == 200 {
		code = ""
	}
	return code, a.Body
}

// failWritesAtRandom fails random writes of the table, always the same for a
// seed.
func failWritesAtRandom(seed uint64, chance float64, kinds ...dynamodb.FaultKind) func(dynamodb.Call) dynamodb.Fault {
	dice := rand.New(rand.NewPCG(seed, 1))
	return func(c dynamodb.Call) dynamodb.Fault {
		switch c.Operation {
		case "UpdateItem", "PutItem", "TransactWriteItems":
			if dice.Float64() < chance {
				return dynamodb.Fault{Kind: kinds[dice.IntN(len(kinds))]}
			}
		}
		return dynamodb.Fault{}
	}
}

// onOneAndFourRows tells a story of a feature without a limit: on one row, and
// on four.
func onOneAndFourRows(t *testing.T, story func(w *World)) {
	for _, n := range []int{1, 4} {
		t.Run(fmt.Sprintf("%d rows", n), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("words", "single_use", JSON{"write_shards": n})
			w.Product("open", "open", Price(5), Overage("words", 0, 0.1, 1))
			w.Buy("c", "open")
			story(w)
		})
	}
}

// wordsUsed is the usage of words.
func wordsUsed(w *World) float64 { return w.Check("c", "words")["usage"].(float64) }

func TestCrowdIsCountedExactly(t *testing.T) {
	t.Parallel()
	onOneAndFourRows(t, func(w *World) {
		inAllClients(*tracks, func(int, int) {
			if code, _ := postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": 0.25}); code != "" {
				w.Error(code)
			}
		})
		w.Want("usage", wordsUsed(w), float64(clients**tracks)/4)
	})
}

// Conflicts and throttling wrote nothing: the write is retried, and a track
// that is refused in the end was not counted.
func TestCrowdIsCountedExactlyUnderConflictsAndThrottling(t *testing.T) {
	t.Parallel()
	onOneAndFourRows(t, func(w *World) {
		w.Stack.DB.SetFault(failWritesAtRandom(1, 0.3, dynamodb.FaultConflict, dynamodb.FaultThrottle, dynamodb.FaultRateLimit))
		var counted atomic.Int64
		inAllClients(max(1, *tracks/5), func(int, int) {
			switch code, _ := postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "words"}); code {
			case "":
				counted.Add(1)
			case "rate_limit_exceeded", "service_unavailable":
			default:
				w.Error(code)
			}
		})
		w.Stack.DB.SetFault(nil)
		w.Want("usage", wordsUsed(w), counted.Load())
	})
}

// A client that repeats a track with its key until it is answered is counted
// once, whatever was lost.
func TestCrowdWithKeysIsCountedOnceWhateverIsLost(t *testing.T) {
	t.Parallel()
	onOneAndFourRows(t, func(w *World) {
		w.Stack.DB.SetFault(failWritesAtRandom(2, 0.3, dynamodb.FaultLoseAnswer, dynamodb.FaultLoseRequest, dynamodb.FaultInternalAfter, dynamodb.FaultConflict))
		times := max(1, *tracks/5)
		inAllClients(times, func(client, n int) {
			key := fmt.Sprintf("%d %d", client, n)
			for {
				code, _ := postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": 3, "idempotency_key": key})
				if code == "" || code == "duplicate_idempotency_key" {
					return
				}
			}
		})
		w.Stack.DB.SetFault(nil)
		w.Want("usage", wordsUsed(w), clients*times*3)
	})
}

// Without a key it is unknown whether a lost answer was counted, and the caller
// is told so; it is never counted twice.
func TestCrowdWithoutKeysIsToldWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	onOneAndFourRows(t, func(w *World) {
		w.Stack.DB.SetFault(failWritesAtRandom(3, 0.2, dynamodb.FaultLoseAnswer, dynamodb.FaultLoseRequest, dynamodb.FaultInternalAfter, dynamodb.FaultInternal))
		var counted, unknown atomic.Int64
		inAllClients(max(1, *tracks/5), func(int, int) {
			switch code, _ := postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "words"}); code {
			case "":
				counted.Add(1)
			case "usage_unconfirmed":
				unknown.Add(1)
			default:
				w.Error(code)
			}
		})
		w.Stack.DB.SetFault(nil)
		got := int64(wordsUsed(w))
		if got < counted.Load() || got > counted.Load()+unknown.Load() || unknown.Load() == 0 {
			w.Errorf("%d are counted; %d were confirmed and %d not known", got, counted.Load(), unknown.Load())
		}
	})
}

// With a limit exactly that much is granted: never more, no unit lost.
func TestCrowdTakesAnAllowanceToTheLastUnit(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "bonus")   // 100 messages beside the 100 of free: uses span two grants
	w.Buy("c", "booster") // and a third
	w.Stack.DB.SetFault(failWritesAtRandom(4, 0.1, dynamodb.FaultConflict))
	var given atomic.Int64
	inAllClients(3, func(int, int) {
		code, answer := postForCode(w, "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 3, "send_event": true})
		if code != "feature_found" && code != "" {
			t.Error(code)
		}
		if answer["allowed"] == true {
			given.Add(3)
		}
	})
	w.Stack.DB.SetFault(nil)
	w.Want("given out", given.Load(), 300-300%3)
	w.HasBalance("c", "messages", false, 0)
	inAllClients(1, func(int, int) {
		w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": -2})
	})
	w.HasBalance("c", "messages", true, 128)
}

// A reset that readers and writers meet at once happens once.
func TestCrowdResetsOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 90)
	w.Advance("1 month")
	inAllClients(2, func(client, _ int) {
		if client%2 == 0 {
			postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 0.5})
			return
		}
		if _, got := postForCode(w, "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}); got["balance"].(float64) < 68 {
			t.Errorf("a reader saw %v", got)
		}
	})
	w.HasBalance("c", "messages", true, 68)
}

func TestDecimalsStayExact(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 0.1)
	w.Track("c", "messages", 0.2)
	w.Want("usage", w.Check("c", "messages")["usage"], 0.3)
	inAllClients(*tracks, func(int, int) {
		w.Do(w.Stack.Key, "POST", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":0.0000000001}`)
	})
	w.WaitIdle() // the crowd's events take their time
	a := w.Do(w.Stack.Key, "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"})
	want := money.Int(int64(clients * *tracks)).Shift(-10).Add(money.Int(3).Shift(-1)).String()
	if !strings.Contains(a.Text, `"usage":`+want+",") {
		t.Errorf("got %s, want %s", a.Text, want)
	}
}
