package chaos

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"windfall/local/dynamodb"
	"windfall/local/stack"
	. "windfall/tests/world"
)

// TestUsageIsSummedOnceAfterACrashAnywhere kills the stream's function before and after each of
// its calls: between the row of an event and its groups, and between those and the sum. The
// batch comes again, and in the end it comes once more, late, as a whole and in part. Each
// event is in the list, in its sum and in its groups once, and the report is what the list says.
func TestUsageIsSummedOnceAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	dieEverywhere(t, "sums of usage", func(t *testing.T, n int, what trouble) (string, []string) {
		k := &killer{soft: true}
		w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: k.between("dynamodb"), Hurry: true}})
		k.stack = w.Stack
		w.Feature("messages", "single_use", JSON{"group_by": []string{"model"}, "event_names": []string{"call"}})
		w.Feature("words", "single_use", JSON{"event_names": []string{"call"}})
		w.Product("free", "main", Consumable("messages", 1000)).Default()
		w.Post("/v1/customers", JSON{"id": "c"})
		w.Advance("2m")
		var records []json.RawMessage
		w.Stack.HoldStream(true)
		w.Stack.DB.Subscribe(func(r dynamodb.ChangeRecord) {
			if image, err := json.Marshal(r); err == nil && strings.Contains(string(r.Change.NewImage), `"ev":{"S":`) {
				records = append(records, image)
			}
		})
		for i := range 6 {
			w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": 0.1 + float64(i), "properties": JSON{"model": fmt.Sprint("m", i%3)}})
			w.Post("/v1/track", JSON{"customer_id": "c", "event_name": "call", "value": 2, "timestamp": T0.AddDate(0, 0, -i%2).UnixMilli()})
		}
		w.Stack.DropStream() // the test delivers them
		deliver := func(batch []json.RawMessage) (done int) {
			done, err := w.Stack.Gateway.InvokeStream(t.Context(), "table_stream", batch)
			if err != nil && n == 0 {
				t.Fatal(err)
			}
			return done
		}
		k.strike(n, what)
		done := deliver(records)
		calls := k.seen()
		k.live()
		if err := w.Stack.Restart(); err != nil {
			t.Fatal(err)
		}
		for done < len(records) {
			done += deliver(records[done:])
		}
		for _, late := range [][]json.RawMessage{records, records[n%len(records):], records[:1+n%len(records)]} {
			deliver(late)
		}
		return summed(w), calls
	})
}

// summed is what the rows of sums and groups come to, after the reports were held to the list.
func summed(w *World) string {
	w.Helper()
	events := w.Post("/v1/events/list", JSON{"customer_id": "c"})["list"].([]any)
	listed, byModel := map[string]float64{}, map[string]float64{}
	for _, e := range events {
		feature, value := ValueAt(e, "feature_id").(string), ValueAt(e, "value").(float64)
		listed[feature] += value
		if feature == "messages" {
			model, named := ValueAt(e, "properties.model").(string)
			if !named {
				model = "other"
			}
			byModel[model] += value
		}
	}
	for _, size := range []string{"day", "hour"} {
		ask := JSON{"customer_id": "c", "range": "7d", "bin_size": size}
		total := w.Post("/v1/events/aggregate", Merge(ask, JSON{"feature_id": []string{"messages", "words"}}))["total"]
		for feature, sum := range listed {
			if got := ValueAt(total, feature+".sum").(float64); math.Abs(got-sum) > 1e-9 {
				w.Errorf("%s in bins of a %s: %v, the list has %v", feature, size, got, sum)
			}
		}
		got := map[string]float64{}
		for _, bin := range w.Post("/v1/query", Merge(ask, JSON{"feature_id": "messages", "group_by": "model"}))["list"].([]any) {
			for model, sum := range ValueAt(bin, "messages").(JSON) {
				got[model] += sum.(float64)
			}
		}
		for model, sum := range byModel {
			if len(got) != len(byModel) || math.Abs(got[model]-sum) > 1e-9 {
				w.Errorf("by model in bins of a %s: %v, the list has %v", size, got, byModel)
			}
		}
	}
	var rows []string
	for line := range strings.Lines(w.Stack.DB.Dump()) {
		_, text, _ := strings.Cut(line, "\t")
		var r map[string]map[string]any
		if !strings.Contains(line, "#SUMS#c") || json.Unmarshal([]byte(text), &r) != nil || r["SK"]["S"] == "MARK" {
			continue
		}
		rows = append(rows, fmt.Sprint(r["SK"]["S"], " ", r["c"]["N"], " ", r["s"]["N"], " ", r["gmodel"]["N"], " ", r["day"]["S"], " ", r["hours"]["S"]))
	}
	return fmt.Sprint(len(events), " events\n", strings.Join(rows, "\n"))
}
