package stripesim_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"windfall/local/stripesim"
)

// world is a simulator, its client and its clock.
type world struct {
	t   *testing.T
	sim *stripesim.Sim
	api *client.API
}

// listening lets a tool look at every exchange of the tests.
var listening = func(rt http.RoundTripper) http.RoundTripper { return rt }

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t *testing.T, at time.Time) *world {
	t.Helper()
	sim, err := stripesim.New(stripesim.Options{Clock: stripesim.NewClock(at), BaseURL: "http://sim.test", Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	return &world{t: t, sim: sim, api: connect(sim)}
}

// connect is a real Stripe client that talks to the simulator in process.
func connect(sim *stripesim.Sim) *client.API {
	b := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL: stripe.String("http://sim.test"), HTTPClient: &http.Client{Transport: listening(sim.Transport())}, MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry: stripe.Bool(false), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	return client.New("sk_test_sim", &stripe.Backends{API: b, Connect: b, Uploads: b})
}

// to moves the clock.
func (w *world) to(at time.Time) {
	w.t.Helper()
	if err := w.sim.AdvanceTo(context.Background(), at); err != nil {
		w.t.Fatal(err)
	}
}

// raw is an object as JSON has it.
type raw map[string]any

func (r raw) get(path string) any {
	var v any = map[string]any(r)
	for _, part := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[part]
		case []any:
			i := int(part[0] - '0')
			if i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

func (r raw) str(path string) string { s, _ := r.get(path).(string); return s }

func (r raw) num(path string) int64 {
	n, _ := r.get(path).(json.Number)
	i, _ := n.Int64()
	return i
}

func (r raw) list(path string) []raw {
	items, _ := r.get(path).([]any)
	out := make([]raw, 0, len(items))
	for _, it := range items {
		m, _ := it.(map[string]any)
		out = append(out, raw(m))
	}
	return out
}

// call is one request without the SDK; form is "a=b&c[d]=e".
func (w *world) call(method, path, form string, header ...string) (int, raw, http.Header) {
	w.t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		w.t.Fatal(err)
	}
	target, body := "http://sim.test"+path, strings.NewReader("")
	if method == http.MethodGet {
		target += "?" + values.Encode()
	} else {
		body = strings.NewReader(values.Encode())
	}
	req, err := http.NewRequest(method, target, body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_test_sim")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return w.do(req)
}

func (w *world) do(req *http.Request) (int, raw, http.Header) {
	w.t.Helper()
	resp, err := listening(w.sim.Transport()).RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	out := raw{}
	_ = d.Decode(&out)
	return resp.StatusCode, out, resp.Header
}

// ok is a request that must succeed.
func (w *world) ok(method, path, form string) raw {
	w.t.Helper()
	status, body, _ := w.call(method, path, form)
	if status != http.StatusOK {
		w.t.Fatalf("%s %s %s: %d %v", method, path, form, status, body)
	}
	return body
}

func (w *world) post(path, form string) raw { w.t.Helper(); return w.ok(http.MethodPost, path, form) }
func (w *world) get(path, form string) raw  { w.t.Helper(); return w.ok(http.MethodGet, path, form) }

// refused is a request that must fail, and the error in its body.
func (w *world) refused(method, path, form string) (int, raw) {
	w.t.Helper()
	status, body, _ := w.call(method, path, form)
	if status < 400 {
		w.t.Fatalf("%s %s %s was accepted: %v", method, path, form, body)
	}
	m, _ := body["error"].(map[string]any)
	return status, raw(m)
}

// json is a request to a hosted page.
func (w *world) machine(path, body string) (int, raw) {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodPost, "http://sim.test"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	status, out, _ := w.do(req)
	return status, out
}

// customer has a card, unless it is "".
func (w *world) customer(card string) string {
	w.t.Helper()
	form := "email=ada@example.com"
	if card != "" {
		form += "&payment_method=" + card + "&invoice_settings[default_payment_method]=" + card
	}
	return w.post("/v1/customers", form).str("id")
}

// price is a new monthly price, or what the form says instead.
func (w *world) price(amount string, more string) string {
	w.t.Helper()
	form := "currency=usd&unit_amount=" + amount + "&product_data[name]=P" + amount
	if !strings.Contains(more, "one_time") && !strings.Contains(more, "recurring") {
		form += "&recurring[interval]=month"
	}
	return w.post("/v1/prices", form+"&"+strings.TrimPrefix(more, "one_time")).str("id")
}

func (w *world) subscribe(customer, form string) raw {
	w.t.Helper()
	return w.post("/v1/subscriptions", "customer="+customer+"&"+form)
}

// invoices of a customer, oldest first.
func (w *world) invoices(customer string) []raw {
	w.t.Helper()
	list := w.get("/v1/invoices", "limit=100&customer="+customer).list("data")
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}
