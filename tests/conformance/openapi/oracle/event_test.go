package oracle

import (
	"encoding/json"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
)

// event is an event about an object.
func event(t *testing.T, kind string, inside []byte, change ...func(map[string]any)) []byte {
	t.Helper()
	return fixture(t, "event", append([]func(map[string]any){func(m map[string]any) {
		m["type"], m["data"] = kind, map[string]any{"object": json.RawMessage(inside)}
	}}, change...)...)
}

func TestEvents(t *testing.T) {
	o := loaded(t)
	before := func(fields map[string]any) func(map[string]any) {
		return func(m map[string]any) { m["data"].(map[string]any)["previous_attributes"] = fields }
	}
	for _, c := range []struct {
		name string
		text []byte
		want string
	}{
		{"good", event(t, "invoice.paid", fixture(t, "invoice")), ""},
		{"named by its last part", event(t, "customer.subscription.updated", fixture(t, "subscription"), before(map[string]any{"status": "active"})), ""},
		{"named as a whole", event(t, "checkout.session.completed", fixture(t, "checkout.session")), ""},
		{"wrong object", event(t, "invoice.paid", fixture(t, "subscription")), "data/object: the type is about a invoice"},
		{"no object", event(t, "invoice.paid", []byte("null")), "data/object"},
		{"unknown type", event(t, "invoice.seeded", fixture(t, "invoice")), "webhook endpoints cannot ask for it"},
		{"everything is no type", event(t, "*", fixture(t, "invoice")), "webhook endpoints cannot ask for it"},
		{"missing inside", event(t, "invoice.paid", fixture(t, "invoice", drop("total"))), "data/object"},
		{"invented inside", event(t, "invoice.paid", fixture(t, "invoice", set("seeded", 1))), "data/object/seeded: no such field"},
		{"invented before", event(t, "invoice.paid", fixture(t, "invoice"), before(map[string]any{"seeded": 1})), "data/previous_attributes/seeded"},
		{"envelope", event(t, "invoice.paid", fixture(t, "invoice"), drop("created")), "created"},
		{"not JSON", []byte("["), "not a JSON object"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, o.Event(c.text), c.want) })
	}
}

// atOdds are the examples of Stripe that contradict its own document. The
// simulator has none of these objects.
var atOdds = map[string]bool{"treasury.outbound_payment": true, "identity.verification_report": true, "token": true}

// TestNoFalseAlarms: Stripe's own examples of the objects must pass.
func TestNoFalseAlarms(t *testing.T) {
	o := loaded(t)
	var all struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal(embedded.OpenAPIFixtures, &all); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for name, text := range all.Resources {
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		schema := o.objects[name]
		if schema == nil {
			continue
		}
		checked++
		out := report{method: "fixture", path: name}
		if out.check(schema, v, ""); (len(out.found) > 0) != atOdds[name] {
			t.Errorf("%s: %q", name, said(out.found))
		}
	}
	if checked < 100 {
		t.Errorf("only %d fixtures", checked)
	}
}

func TestFindingsAreAlikeWithoutPositions(t *testing.T) {
	for field, want := range map[string]string{"items/data/0/price": "items/data/*/price", "0/1/x": "*/*/x", "lines/10": "lines/*", "a1/b": "a1/b"} {
		if got := (Finding{Field: field}).Like().Field; got != want {
			t.Errorf("%s: %s, want %s", field, got, want)
		}
	}
}
