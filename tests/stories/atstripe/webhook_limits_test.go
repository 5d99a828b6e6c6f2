package atstripe

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"windfall/local/stripesim/delivery"
	. "windfall/tests/world"
)

// An event with Stripe's signature is accepted, whatever its size and date: a
// refused event would come back for days.
func TestASignedEventOfAnySizeAndAgeEndsWell(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	customer := w.AtStripe("c")["customer"].(JSON)["id"]
	invoice := w.Invoices("c")[0].ID
	object := JSON{"id": invoice, "object": "invoice", "customer": customer}
	send := func(event JSON) Answer {
		body, err := json.Marshal(Merge(JSON{"id": "evt_x", "object": "event", "type": "invoice.paid", "data": JSON{"object": object}}, event))
		if err != nil {
			t.Fatal(err)
		}
		signature := delivery.Sign(body, w.Stack.WebhookSecret(), time.Now())
		return w.Do("", "POST", "/webhooks/stripe", string(body), func(r *http.Request) { r.Header.Set("Stripe-Signature", signature) })
	}
	for name, event := range map[string]JSON{
		"an id beyond a key":     {"id": "evt_" + LongText(3000)},
		"an id beyond a row":     {"id": "evt_" + LongText(500_000)},
		"a large object":         {"data": JSON{"object": Merge(object, JSON{"description": LongText(1 << 20)})}},
		"a type beyond a row":    {"type": "invoice." + LongText(500_000)},
		"a long customer":        {"data": JSON{"object": Merge(object, JSON{"customer": "cus_" + LongText(3000)})}},
		"a long object id":       {"data": JSON{"object": Merge(object, JSON{"id": "in_" + LongText(3000)})}},
		"made at the beginning":  {"id": "evt_0", "created": 0},
		"made before time":       {"id": "evt_-", "created": -1e12},
		"made far ahead":         {"id": "evt_9", "created": json.Number("9223372036854775807")},
		"made at no time at all": {"id": "evt_t", "created": "yesterday"},
	} {
		for range 2 { // Stripe delivers twice
			if a := send(event); a.Status != http.StatusOK {
				t.Errorf("%s: got %d %.200s", name, a.Status, a.Text)
			}
		}
	}
	w.HasProducts("c", "pro active")
	if a := w.Do(w.Stack.Key, "POST", "/v1/customers", `{"id":"`+LongText(300<<10)+`"}`); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("an unsigned body has a limit: %d", a.Status)
	}
}
