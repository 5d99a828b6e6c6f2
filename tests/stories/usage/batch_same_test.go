package usage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// twins sells every kind of balance: grants that are used up one after another, one without
// an end and on several rows, overage with and without a limit, credits, seats.
func twins(t *testing.T) *World {
	w := New(t)
	for _, id := range []string{"messages", "words", "pages", "images"} {
		w.Feature(id, "single_use", JSON{"event_names": []string{"all"}})
	}
	w.Feature("bytes", "single_use", JSON{"write_shards": 3})
	w.Feature("seats", "continuous_use")
	w.Feature("desks", "continuous_use")
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "pages", "credit_cost": 0.3}, {"metered_feature_id": "images", "credit_cost": 2}}})
	w.Product("base", "base", Messages(10), Lifetime("messages", 7), Consumable("pages", 5), Consumable("credits", 20), Unlimited("bytes")).Default()
	w.Product("more", "more", Messages(5), Merge(Consumable("desks", 4), JSON{"usage_limit": 6})).Default()
	w.Product("plan", "main", Price(20), Overage("words", 5, 0.1, 1), Seats("seats", 2, 12, "prorate_immediately", "prorate_immediately"))
	return w
}

// drawEvents makes up events of one customer, without an id yet.
func drawEvents(r *rapid.T, round string) []JSON {
	var events []JSON
	for i := range rapid.IntRange(1, 14).Draw(r, "events") {
		e := JSON{"feature_id": rapid.SampledFrom([]string{"messages", "messages", "words", "pages", "images", "bytes", "seats", "desks", "nothing"}).Draw(r, "feature")}
		if e["feature_id"] == "nothing" {
			e = JSON{"event_name": "all"}
		}
		e["value"] = rapid.SampledFrom([]float64{1, 1, 2, 3, 0.5, 0.1, 0.01, 7, 12, 40, -1, -2.5, -40, 0}).Draw(r, "value")
		if rapid.IntRange(0, 3).Draw(r, "overage") == 0 {
			e["overage_behavior"] = "reject"
		}
		if rapid.IntRange(0, 3).Draw(r, "keyed") == 0 {
			e["idempotency_key"] = fmt.Sprint(round, rapid.IntRange(0, 4).Draw(r, "key"))
		}
		e["properties"] = JSON{"n": fmt.Sprint(round, i)}
		events = append(events, e)
	}
	return events
}

// of are the events as those of a customer.
func of(events []JSON, customer string) (out []JSON) {
	for _, e := range events {
		out = append(out, Merge(JSON{"customer_id": customer}, e))
	}
	return out
}

// oneByOne tracks events, and returns what a batch would say of them.
func oneByOne(w *World, events []JSON) (refused, dropped []string) {
	w.Helper()
	for i, e := range events {
		a := w.Do(w.Stack.Key, "POST", "/v1/track", e)
		if a.Status != 200 {
			refused = append(refused, fmt.Sprint(i, " ", a.Body["code"], " ", a.Body["message"]))
			continue
		}
		parts := []any{a.Body}
		if several, is := a.Body["features"].([]any); is {
			parts = several
		}
		for _, p := range parts {
			if n := ValueAt(p, "dropped"); n != float64(0) {
				dropped = append(dropped, fmt.Sprint(i, " ", ValueAt(p, "feature_id"), " ", n))
			}
		}
	}
	return refused, dropped
}

func told(answer JSON) (refused, dropped []string) {
	for _, e := range answer["not_recorded"].([]any) {
		refused = append(refused, fmt.Sprint(ValueAt(e, "index"), " ", ValueAt(e, "code"), " ", ValueAt(e, "message")))
	}
	for _, e := range answer["dropped"].([]any) {
		dropped = append(dropped, fmt.Sprint(ValueAt(e, "index"), " ", ValueAt(e, "feature_id"), " ", ValueAt(e, "dropped")))
	}
	return refused, dropped
}

// everything is all that can be seen of a customer's use: balances, events, reports, invoices.
func everything(w *World, customer string) string {
	w.Helper()
	w.WaitIdle()
	seen := JSON{"features": w.Customer(customer)["features"], "invoices": []int64{}, "events": []string{}}
	var events []string
	for _, e := range listEvents(w, customer, JSON{"limit": 1000}) {
		events = append(events, fmt.Sprint(ValueAt(e, "properties.n"), " ", ValueAt(e, "feature_id"), " ", ValueAt(e, "value"), " ", ValueAt(e, "event_name")))
	}
	slices.Sort(events)
	var invoices []int64
	for _, i := range w.Invoices(customer) {
		invoices = append(invoices, i.Total)
	}
	slices.Sort(invoices)
	seen["events"], seen["invoices"] = events, invoices
	seen["sums"] = w.Post("/v1/events/aggregate", JSON{"customer_id": customer, "range": "7d",
		"feature_id": []string{"messages", "words", "pages", "images", "bytes", "seats", "desks"}})["total"]
	text, _ := json.MarshalIndent(seen, "", " ")
	return string(text)
}

// A batch gives exactly what single tracks in its order give: refusals, balances, events, sums
// and charges. Some customers have what is paid for, and some are not known before.
func TestABatchIsWhatItsTracksAreOneByOne(t *testing.T) {
	t.Parallel()
	w := twins(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		single, batched := fmt.Sprint("single", n), fmt.Sprint("batch", n)
		if rapid.IntRange(0, 2).Draw(r, "pays") == 0 {
			w.CustomerWithCard(single, "plan")
			w.CustomerWithCard(batched, "plan")
		}
		for round := range rapid.IntRange(1, 3).Draw(r, "rounds") {
			events := drawEvents(r, fmt.Sprint("r", round%2, " "))
			refused, dropped := oneByOne(w, of(events, single))
			gotRefused, gotDropped := told(batch(w, of(events, batched)))
			if !slices.Equal(refused, gotRefused) || !slices.Equal(dropped, gotDropped) {
				r.Fatalf("of %v\nsingle: %q %q\nbatch:  %q %q", events, refused, dropped, gotRefused, gotDropped)
			}
		}
		if s, b := everything(w, single), everything(w, batched); s != strings.ReplaceAll(b, batched, single) {
			r.Fatalf("single: %s\nbatch: %s", s, b)
		}
	})
}

// seatsStay has no event free seats: they are credited where Stripe has told that they are paid,
// which it may do between two tracks, and may not within a batch.
func seatsStay(events []JSON) {
	for _, e := range events {
		if v := e["value"].(float64); e["feature_id"] == "seats" {
			e["value"] = max(v, -v)
		}
	}
}

// The same over months: resets, overage that is closed and billed, seats of a new period.
func TestABatchIsWhatItsTracksAreOverMonths(t *testing.T) {
	t.Parallel()
	w := twins(t)
	days := []time.Time{T0.AddDate(0, 0, 20), t1.Add(3 * time.Hour), t1.AddDate(0, 0, 12), t1.AddDate(0, 1, 0).Add(3 * time.Hour)}
	const pairs = 4
	for i := range pairs {
		w.CustomerWithCard(fmt.Sprint("single", i), "plan")
		w.CustomerWithCard(fmt.Sprint("batch", i), "plan")
	}
	for d, day := range days {
		var all []JSON
		for i := range pairs {
			events := rapid.Custom(func(r *rapid.T) []JSON { return drawEvents(r, fmt.Sprint("d", d, " ")) }).Example(10*d + i)
			seatsStay(events)
			oneByOne(w, of(events, fmt.Sprint("single", i)))
			all = append(all, of(events, fmt.Sprint("batch", i))...)
		}
		batch(w, all)
		w.AdvanceTo(day)
		for i := range pairs {
			if s, b := everything(w, fmt.Sprint("single", i)), everything(w, fmt.Sprint("batch", i)); s != b {
				t.Fatalf("on %v single: %s\nbatch: %s", day, s, b)
			}
		}
	}
}

// A grant without an end takes no use that would fill it: each is looked at, also where their
// sum is counted at once.
func TestABatchNeverGoesBeyondEighteenDigits(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Product("open", "open", Unlimited("words")).Default()
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 1e18})
	w.Track("c", "words", 1e17)
	most := event("c", "words", 4e17)
	w.Want("refused", notRecorded(batch(w, []JSON{most, most, most, event("c", "words", 5e16)})), []string{"2 invalid_inputs"})
	w.Want("usage", ValueAt(w.Customer("c"), "features.words.usage"), 9.5e17)
}
