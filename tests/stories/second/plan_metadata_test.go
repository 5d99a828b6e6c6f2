package second

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// What a company keeps with a plan for its own use is of all versions' latest, makes no version,
// and stays whatever else is edited, in either dialect.
func TestDIA05MetadataOfAPlan(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	kept := JSON{"badge": "Popular", "order": 2, "lines": []any{"a", JSON{"bold": true, "none": nil}}}
	metadata := func() any { return w.Post("/v1/plans.get", JSON{"plan_id": "pro"})["metadata"] }
	w.Want("none", metadata(), JSON{})
	changed := w.Post("/v1/plans.update", JSON{"plan_id": "pro", "metadata": kept})
	w.Want("answer", []any{changed["metadata"], changed["version"]}, []any{kept, 1})
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "name": "Other"})
	w.Post("/v1/products/pro", JSON{"name": "Pro", "items": []JSON{Price(30), Messages(500)}}) // another version
	w.Want("kept", []any{metadata(), w.Post("/v1/plans.get", JSON{"plan_id": "pro"})["version"]}, []any{kept, 2})
	w.Post("/v1/products/pro", w.Get("/v1/products/pro"))
	w.Want("written back in the first dialect", metadata(), kept)
	w.Want("of one of its customers", ValueAt(w.Post("/v1/customers.get", JSON{"customer_id": "c", "expand": "subscriptions.plan"}), "subscriptions.0.plan.metadata.badge"), "Popular")
	w.Want("created with", w.Post("/v1/plans.create", JSON{"plan_id": "new", "name": "New", "items": []JSON{}, "metadata": JSON{"a": 1}})["metadata"], JSON{"a": 1})
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "metadata": JSON{}})
	w.Want("taken away", metadata(), JSON{})
	message := w.Refused(400, "invalid_inputs", "/v1/plans.update", JSON{"plan_id": "pro", "metadata": JSON{"a": strings.Repeat("x", 17000)}})
	if !strings.Contains(message, "16384") {
		t.Error(message)
	}
}

// A key that is null is none; what stands deeper is the company's own.
func TestDIA05AKeyOfAPlanThatIsNull(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Want("made", w.Post("/v1/plans.create", JSON{"plan_id": "new", "name": "New", "items": []JSON{}, "metadata": JSON{"a": 1, "b": nil}})["metadata"], JSON{"a": 1})
	w.Want("changed", w.Post("/v1/plans.update", JSON{"plan_id": "new", "metadata": JSON{"a": nil, "c": JSON{"d": nil}}})["metadata"], JSON{"c": JSON{"d": nil}})
	w.Post("/v1/products/pro", JSON{"metadata": JSON{"a": nil}})
	w.Want("none", w.Post("/v1/plans.get", JSON{"plan_id": "pro"})["metadata"], JSON{})
}
