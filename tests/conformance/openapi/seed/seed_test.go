package seed

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stripe/stripe-mock/embedded"

	"windfall/tests/conformance/openapi/oracle"
)

// recording is a small recording of Stripe's own examples.
func recording(t *testing.T) (*oracle.Oracle, []oracle.Exchange) {
	t.Helper()
	o, err := oracle.Load()
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal(embedded.OpenAPIFixtures, &all); err != nil {
		t.Fatal(err)
	}
	about := func(kind, of string) json.RawMessage {
		var e map[string]any
		if err := json.Unmarshal(all.Resources["event"], &e); err != nil {
			t.Fatal(err)
		}
		e["type"], e["data"] = kind, map[string]any{"object": all.Resources[of]}
		text, _ := json.Marshal(e)
		return text
	}
	return o, []oracle.Exchange{
		{Method: "POST", Path: "/v1/subscriptions", Form: "customer=c&items[0][price]=p&items[0][quantity]=2&proration_behavior=none", Status: 200, Body: all.Resources["subscription"]},
		{Method: "GET", Path: "/v1/customers/c", Status: 200, Body: all.Resources["customer"]},
		{Method: "GET", Path: "/v1/customers/x", Status: 404, Body: json.RawMessage(`{"error":{"type":"invalid_request_error","message":"No such customer"}}`)},
		{Event: about("invoice.paid", "invoice")},
		{Event: about("customer.created", "customer")},
	}
}

func TestEveryKindOfMistakeIsMadeAndCaught(t *testing.T) {
	o, exchanges := recording(t)
	samples := NewSamples()
	for _, e := range exchanges {
		samples.Keep(e, Shapes(o, e))
		samples.Keep(e, Shapes(o, e)) // has nothing new
	}
	if len(samples.exchanges) != len(exchanges) || !samples.Kinds["subscription"] || !samples.Kinds["price"] {
		t.Errorf("%d samples of %d, kinds %v", len(samples.exchanges), len(exchanges), samples.Kinds)
	}
	r := Sow(o, samples)
	for _, m := range r.Missed {
		t.Error("missed:", m)
	}
	for _, name := range Mistakes {
		if c := r.Counts[name]; name != paramNeeded && c.Made == 0 || c.Caught != c.Made {
			t.Errorf("%s: caught %d of %d", name, c.Caught, c.Made)
		}
	}
	if r.Total() < 200 || r.Caught() != r.Total() || r.Blind == 0 {
		t.Errorf("caught %d of %d, blind %d", r.Caught(), r.Total(), r.Blind)
	}
}

// A missed mistake is reported, and made only once per place.
func TestMissedMistakesAreTold(t *testing.T) {
	r, asked := newResult(), 0
	for range 2 {
		r.try(dropped, "invoice", "/total", func() bool { asked++; return false })
	}
	if c := r.Counts[dropped]; asked != 1 || c.Made != 1 || c.Caught != 0 || len(r.Missed) != 1 {
		t.Errorf("asked %d, %+v, missed %v", asked, c, r.Missed)
	}
}

func TestMistakesAreUndone(t *testing.T) {
	m := map[string]any{"a": 1}
	if !with(m, "a", 2, func() bool { return m["a"] == 2 }) || !with(m, "b", 2, func() bool { return m["b"] == 2 }) ||
		!without(m, "a", func() bool { return len(m) == 0 }) {
		t.Error("a mistake was not made")
	}
	if len(m) != 1 || m["a"] != 1 {
		t.Errorf("left behind: %v", m)
	}
}

func TestFormsSayWhatTheyWereReadAs(t *testing.T) {
	o, _ := recording(t)
	const form = "customer=c&items[0][price]=p&items[0][quantity]=2&items[1][price]=q&metadata[a b]=c=d&trial_end=1806537600"
	want, _ := url.ParseQuery(form)
	sent, err := o.Params(oracle.Exchange{Method: "POST", Path: "/v1/subscriptions", Form: form})
	if err != nil {
		t.Fatal(err)
	}
	got, err := url.ParseQuery(encode(sent))
	if err != nil || got.Encode() != want.Encode() {
		t.Errorf("%v %v, want %v", err, got, want)
	}
}

func TestNumbersAreSentWithoutExponents(t *testing.T) {
	t.Parallel()
	got := encode(map[string]any{"items": []any{map[string]any{"quantity": 1e17}, map[string]any{"quantity": 2.5}}})
	if want := "items%5B0%5D%5Bquantity%5D=100000000000000000&items%5B1%5D%5Bquantity%5D=2.5"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
