package oracle

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
)

func loaded(t *testing.T) *Oracle {
	t.Helper()
	o, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// fixture is Stripe's own example of an object, changed by the functions given.
func fixture(t *testing.T, kind string, change ...func(map[string]any)) []byte {
	t.Helper()
	var all struct{ Resources map[string]map[string]any }
	if err := json.Unmarshal(embedded.OpenAPIFixtures, &all); err != nil {
		t.Fatal(err)
	}
	v := all.Resources[kind]
	if v == nil {
		t.Fatalf("no fixture of %s", kind)
	}
	for _, f := range change {
		f(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func said(found []Finding) string {
	var out []string
	for _, f := range found {
		out = append(out, f.String())
	}
	return strings.Join(out, "\n")
}

// want compares findings with the words that must be in them; "" wants none.
func want(t *testing.T, found []Finding, words string) {
	t.Helper()
	if got := said(found); (words == "") != (got == "") || !strings.Contains(got, words) {
		t.Errorf("want %q, got %q", words, got)
	}
}

func set(name string, v any) func(map[string]any) { return func(m map[string]any) { m[name] = v } }

func drop(name string) func(map[string]any) { return func(m map[string]any) { delete(m, name) } }

func TestRequests(t *testing.T) {
	o := loaded(t)
	for _, c := range []struct{ name, method, path, query, form, want string }{
		{"nested", "POST", "/v1/subscriptions", "", "customer=c&items[0][price]=p&items[0][quantity]=2&expand[]=latest_invoice", ""},
		{"metadata cleared", "POST", "/v1/customers/c", "", "metadata=", ""},
		{"number or word", "POST", "/v1/subscriptions/s", "", "trial_end=now", ""},
		{"number", "POST", "/v1/subscriptions/s", "", "trial_end=1", ""},
		{"neither", "POST", "/v1/subscriptions/s", "", "trial_end=soon", "trial_end"},
		{"unknown", "POST", "/v1/customers", "", "nam=x", "nam"},
		{"unknown inside", "POST", "/v1/customers", "", "address[town]=x", "address/town: no such field"},
		{"wrong type", "POST", "/v1/prices", "", "currency=usd&unit_amount=abc", "unit_amount"},
		{"enum", "POST", "/v1/subscriptions/s", "", "proration_behavior=seeded", "proration_behavior"},
		{"missing", "POST", "/v1/promotion_codes", "", "code=X", "coupon"},
		{"query", "GET", "/v1/customers", "limit=3&created[gte]=1", "", ""},
		{"unknown in a query", "GET", "/v1/customers", "limits=3", "", "limits"},
		{"wrong type in a query", "GET", "/v1/customers", "limit=x", "", "limit"},
		{"missing in a query", "GET", "/v1/subscription_items", "", "", "subscription"},
		{"the literal address wins", "GET", "/v1/invoices/upcoming", "subscription_proration_date=1", "", ""},
		{"delete with a form", "DELETE", "/v1/subscriptions/s", "", "invoice_now=true", ""},
		{"delete with a query", "DELETE", "/v1/subscriptions/s", "prorate=true", "", ""},
		{"delete with nonsense", "DELETE", "/v1/subscriptions/s", "", "prorata=true", "prorata"},
		{"nowhere", "POST", "/v1/billing/meters", "", "", "no such address"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, o.Request(Exchange{Method: c.method, Path: c.path, Query: c.query, Form: c.form}), c.want)
		})
	}
}

func TestResponses(t *testing.T) {
	o := loaded(t)
	inner := func(m map[string]any) { m["invoice_settings"].(map[string]any)["seeded"] = 1 }
	for _, c := range []struct {
		name, path string
		status     int
		body       []byte
		want       string
	}{
		{"good", "/v1/customers/c", 200, fixture(t, "customer"), ""},
		{"missing", "/v1/customers/c", 200, fixture(t, "customer", drop("created")), `created`},
		{"wrong type", "/v1/customers/c", 200, fixture(t, "customer", set("created", "today")), "GET /v1/customers/{customer} created:"},
		{"null", "/v1/customers/c", 200, fixture(t, "customer", set("livemode", nil)), "livemode"},
		{"invented", "/v1/customers/c", 200, fixture(t, "customer", set("seeded", 1)), "seeded: no such field"},
		{"invented inside", "/v1/customers/c", 200, fixture(t, "customer", inner), "invoice_settings/seeded: no such field"},
		{"deleted and yet whole", "/v1/customers/c", 200, fixture(t, "customer", set("deleted", true)), "no such field"},
		{"another object", "/v1/customers/c", 200, fixture(t, "invoice"), "doesn't match any schema"},
		{"not JSON", "/v1/customers/c", 200, []byte("<html>"), "not JSON"},
		{"refusal", "/v1/customers/c", 404, []byte(`{"error":{"type":"invalid_request_error","message":"No such customer"}}`), ""},
		{"refusal of no type", "/v1/customers/c", 404, []byte(`{"error":{"message":"No such customer"}}`), "type"},
		{"refusal of a strange type", "/v1/customers/c", 404, []byte(`{"error":{"type":"seeded"}}`), "error/type"},
		{"refusal nowhere", "/v1/nowhere", 404, []byte(`{"error":{"type":"invalid_request_error"}}`), ""},
		{"success nowhere", "/v1/nowhere", 200, []byte(`{}`), "no such address"},
		{"event in an answer", "/v1/events/e", 200, event(t, "customer.updated", fixture(t, "invoice")), "about a customer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, o.Response(Exchange{Method: "GET", Path: c.path, Status: c.status, Body: c.body}), c.want)
		})
	}
}
