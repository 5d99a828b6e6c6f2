package usage

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

func TestUsageByAProperty(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	use := func(value any, properties JSON) {
		w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "value": value, "properties": properties})
		w.WaitIdle()
	}
	use(1, JSON{"model": "early"})
	by := func(path, property string, more ...JSON) JSON {
		return w.Post(path, Merge(JSON{"customer_id": "c", "feature_id": "messages", "range": "24h", "bin_size": "day", "group_by": property}, more...))
	}
	refused := w.Do(w.Stack.Key, "POST", "/v1/query", JSON{"customer_id": "c", "feature_id": "messages", "group_by": "model"})
	if refused.Status != 400 || !strings.Contains(refused.Text, `/v1/features/messages {\"group_by\": [\"model\"]}`) {
		t.Errorf("a property that is not declared: %d %s", refused.Status, refused.Text)
	}
	w.Post("/v1/features/messages", JSON{"group_by": []string{"model", "user"}})
	w.Want("read back", w.Get("/v1/features/messages")["group_by"], []any{"model", "user"})
	w.Advance("2m") // functions keep the catalog for a moment
	use(2, JSON{"model": "large", "user": 7})
	use(0.5, JSON{"model": "small", "user": true})
	use(3, JSON{"model": "large"})
	use(1, nil)

	for _, path := range []string{"/v1/events/aggregate", "/v1/query"} {
		w.Refused(400, "invalid_inputs", path, JSON{"customer_id": "c", "feature_id": "messages", "group_by": "properties."})
	}
	last := func(answer JSON) any { list := answer["list"].([]any); return list[len(list)-1] }
	model := JSON{"early": 1.0, "large": 5.0, "small": 0.5, "other": 1.0}
	for _, name := range []string{"model", "properties.model"} {
		w.Want("by "+name, ValueAt(last(by("/v1/events/aggregate", name)), "grouped_values.messages"), model)
		w.Want("chart by "+name, ValueAt(last(by("/v1/query", name)), "messages"), model)
	}
	w.Want("all", ValueAt(last(by("/v1/events/aggregate", "model")), "values.messages"), 7.5)
	w.Want("by user", ValueAt(last(by("/v1/query", "user")), "messages"), JSON{"7": 2.0, "true": 0.5, "other": 5.0})
	w.Want("in hours", ValueAt(last(by("/v1/query", "model", JSON{"bin_size": "hour"})), "messages"), model)
	w.Post("/v1/features/messages", JSON{"group_by": []string{}})
	w.Want("no more", w.Do(w.Stack.Key, "POST", "/v1/query", JSON{"customer_id": "c", "feature_id": "messages", "group_by": "model"}).Status, 400)
}

func TestAGroupByThatCannotBe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("pool", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "messages", "credit_cost": 2}}})
	for _, c := range []struct {
		feature string
		by      []string
		says    string
	}{
		{"messages", []string{"a", "b", "c", "d"}, "at most 3"},
		{"messages", []string{"a", "a"}, "given twice"},
		{"messages", []string{""}, "1 to 60 letters"},
		{"messages", []string{"a#b"}, "1 to 60 letters"},
		{"messages", []string{strings.Repeat("x", 61)}, "1 to 60 letters"},
		{"dashboard", []string{"a"}, "of type boolean"},
		{"pool", []string{"a"}, "of type credit_system"},
	} {
		got := w.Do(w.Stack.Key, "POST", "/v1/features/"+c.feature, JSON{"group_by": c.by})
		if got.Status != 400 || !strings.Contains(got.Text, "invalid_feature") || !strings.Contains(got.Text, c.says) {
			t.Errorf("%s by %v: %d %s, want %q", c.feature, c.by, got.Status, got.Text, c.says)
		}
	}
}
