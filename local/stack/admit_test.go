package stack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/stack"
)

func open(t *testing.T, o stack.Options) *stack.Stack {
	t.Helper()
	o.Clock = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)
	s, err := stack.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Control(control.New(s, nil))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends a request with headers, in pairs; Host is one of them.
func ask(h http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, stack.DefaultBaseURL+path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const jsonType, formType = "application/json", "application/x-www-form-urlencoded"

// Paths without a key are out of reach for pages of other sites and for other
// names of this machine: nothing changes, and no answer allows another site to
// read it.
func TestForeignPagesReachNothing(t *testing.T) {
	t.Parallel()
	s := open(t, stack.Options{})
	session := checkout(t, s)
	page := "/_stripe" + strings.TrimPrefix(session, stack.DefaultBaseURL+"/_stripe")
	stripe := "Bearer sk_test_sim"
	before := s.Tables() + s.Objects() + s.Sim.Now().String()
	calls := []struct{ method, path, body, kind, auth string }{
		{"GET", "/", "", "", ""},
		{"GET", "/_local/clock", "", "", ""},
		{"POST", "/_local/clock", `{"advance":"1 month"}`, jsonType, ""},
		{"POST", "/_local/reset", "", jsonType, ""},
		{"DELETE", "/_local/subscriptions/sub_1", "", "", ""},
		{"GET", "/_local/events", "", "", ""},
		{"POST", "/_dynamodb", `{"TableName":"windfall"}`, "application/x-amz-json-1.0", ""},
		{"GET", "/_stripe/v1/customers", "", "", stripe},
		{"POST", "/_stripe/v1/customers", "name=Eve", formType, stripe},
		{"POST", page, "payment_method=pm_card_visa", formType, ""},
		{"POST", page + "/complete", `{"payment_method":"pm_card_visa"}`, jsonType, ""},
		{"POST", page + "/expire", "", "", ""},
		{"POST", "/_stripe/portal/bps_1", "action=cancel", formType, ""},
		{"POST", "/_stripe/invoice/in_1", "", formType, ""},
	}
	foreign := map[string][]string{
		"a name that points here":   {"Host", "evil.example:8787"},
		"another port":              {"Host", "127.0.0.1:3000"},
		"another site":              {"Origin", "https://evil.example"},
		"another port's page":       {"Origin", "http://127.0.0.1:3000"},
		"a page without an origin":  {"Origin", "null"},
		"another site by its fetch": {"Sec-Fetch-Site", "cross-site"},
	}
	for _, c := range calls {
		for name, header := range foreign {
			all := append([]string{"Content-Type", c.kind, "Authorization", c.auth, "X-Amz-Target", "DynamoDB_20120810.DeleteTable"}, header...)
			w := ask(s, c.method, c.path, c.body, all...)
			if w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "" || !strings.Contains(w.Body.String(), "8787") {
				t.Errorf("%s: %s %s: %d %s", name, c.method, c.path, w.Code, w.Body)
			}
		}
		w := ask(s, "OPTIONS", c.path, "", "Origin", "https://evil.example", "Access-Control-Request-Method", c.method)
		if c.path != "/" && (w.Code != http.StatusForbidden || w.Header().Get("Access-Control-Allow-Origin") != "") {
			t.Errorf("a preflight of %s: %d %v", c.path, w.Code, w.Header())
		}
	}
	if after := s.Tables() + s.Objects() + s.Sim.Now().String(); after != before {
		t.Errorf("something was refused and done:\n%s", after)
	}
	alone := s.StripeAlone("http://127.0.0.1:12111")
	for name, header := range foreign {
		if w := ask(alone, "POST", "/v1/customers", "name=Eve", append([]string{"Authorization", stripe, "Host", "127.0.0.1:12111"}, header...)...); w.Code != http.StatusForbidden {
			t.Errorf("%s at -stripe-addr: %d", name, w.Code)
		}
	}
	if w := ask(alone, "GET", "/v1/customers", "", "Authorization", stripe, "Host", "localhost:12111"); w.Code != http.StatusOK {
		t.Errorf("a program at -stripe-addr: %d %s", w.Code, w.Body)
	}
}

// Our own pages, links of shops to them, programs, and the API for other sites
// still work.
func TestWhatStaysOpen(t *testing.T) {
	t.Parallel()
	s := open(t, stack.Options{})
	page := strings.TrimPrefix(checkout(t, s), stack.DefaultBaseURL)
	link := []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}
	form := []string{"Content-Type", formType, "Origin", stack.DefaultBaseURL, "Sec-Fetch-Site", "same-origin"}
	for _, c := range []struct {
		method, path, body string
		header             []string
		status             int
	}{
		{"GET", page, "", link, 200},
		{"POST", page, "action=preview", form, 200},
		{"POST", page, "action=preview", append([]string{"Host", "localhost:8787"}, form...), 200},
		{"POST", page + "/complete", `{"payment_method":"pm_card_visa"}`, nil, 200}, // curl without a header, as in scripts
		{"GET", "/_local/clock", "", nil, 200},
		{"GET", "/_local/clock", "", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}, 200},
		{"POST", "/_local/clock", `{"advance":"1h"}`, []string{"Content-Type", "application/json; charset=utf-8", "Origin", "http://localhost:8787"}, 200},
		{"GET", "/v1/products", "", []string{"Authorization", "Bearer " + s.Key, "Origin", "http://localhost:3000", "Sec-Fetch-Site", "same-site"}, 200},
		{"GET", "/v1/products", "", []string{"Authorization", "Bearer " + s.Key, "Origin", "https://127.0.0.1:3000", "Sec-Fetch-Site", "cross-site"}, 200},
		{"GET", "/v1/products", "", []string{"Authorization", "Bearer " + s.Key, "Host", "[::1]:8787", "Origin", "http://[::1]:3000"}, 200},
		{"GET", "/v1/products", "", []string{"Authorization", "Bearer " + s.Key, "Host", "localhost:5173"}, 200}, // a development server passes it on
		{"GET", "/v1/products", "", []string{"Authorization", "Bearer " + stack.PublishableKey, "Origin", "https://shop.example", "Sec-Fetch-Site", "cross-site"}, 200},
		{"POST", "/webhooks/stripe", "{}", []string{"Host", "tunnel.example"}, 400}, // Stripe itself comes through a tunnel, and signs
		{"OPTIONS", "/v1/check", "", []string{"Origin", "https://shop.example", "Access-Control-Request-Method", "POST"}, 204},
	} {
		w := ask(s, c.method, c.path, c.body, c.header...)
		if w.Code != c.status {
			t.Errorf("%s %s %v: %d %s", c.method, c.path, c.header, w.Code, w.Body)
		}
		if strings.HasPrefix(c.path, "/v1/") && strings.Contains(strings.Join(c.header, " "), "Origin") && w.Header().Get("Access-Control-Allow-Origin") == "" {
			t.Errorf("%s %s: the API lost its CORS headers: %v", c.method, c.path, w.Header())
		}
	}
}

// A POST that any form can send is refused, with the header to add; the clock
// does not move.
func TestControlCallsSayThatTheyAreJSON(t *testing.T) {
	t.Parallel()
	s := open(t, stack.Options{})
	before := s.Sim.Now()
	for _, kind := range []string{"", formType, "text/plain", "multipart/form-data; boundary=x"} {
		for path, body := range map[string]string{"/_local/clock": `{"advance":"1 month"}`, "/_local/reset": "", "/_local/nothing": "{}"} {
			w := ask(s, "POST", path, body, "Content-Type", kind)
			var refused struct{ Message, Code, Env string }
			if err := json.Unmarshal(w.Body.Bytes(), &refused); err != nil || w.Code != http.StatusUnsupportedMediaType ||
				refused.Code != "unsupported_media_type" || !strings.Contains(refused.Message, "-H 'Content-Type: application/json'") || refused.Env != "sandbox" {
				t.Errorf("%s as %q: %d %s", path, kind, w.Code, w.Body)
			}
		}
		if w := ask(s, "POST", "/_dynamodb", "{}", "Content-Type", kind, "X-Amz-Target", "DynamoDB_20120810.ListTables"); w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("the database took %q: %d", kind, w.Code)
		}
	}
	if !s.Sim.Now().Equal(before) {
		t.Errorf("the clock moved to %s", s.Sim.Now())
	}
}

// A Stripe client at the address of the API gets the simulator's address, in a
// form that both kinds of client show; an answer to our own keys is unchanged.
func TestAStripeClientAtTheWrongAddress(t *testing.T) {
	t.Parallel()
	with, without := open(t, stack.Options{StripeAddr: "127.0.0.1:12111"}), open(t, stack.Options{})
	for name, header := range map[string][]string{
		"a bearer":    {"Authorization", "Bearer sk_test_sim"},
		"curl -u":     {"Authorization", "Basic c2tfdGVzdF9zaW06"},
		"a live key":  {"Authorization", "Bearer sk_live_verysecret"},
		"restricted":  {"Authorization", "Bearer rk_test_1"},
		"publishable": {"Authorization", "Bearer pk_test_1"},
		"its version": {"Stripe-Version", "2023-10-16", "Authorization", "Bearer other"},
	} {
		for _, call := range [][]string{{"GET", "/v1/customers"}, {"POST", "/v1/customers"}, {"GET", "/v1/balance"}, {"DELETE", "/v1/customers/c"}} {
			w := ask(with, call[0], call[1], "", append([]string{"Origin", "https://shop.example"}, header...)...)
			var answer struct {
				Error         struct{ Type, Message string }
				Message, Code string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusUnauthorized || answer.Error.Type != "invalid_request_error" ||
				answer.Error.Message != answer.Message || answer.Code != "invalid_secret_key" || w.Header().Get("Access-Control-Allow-Origin") == "" || !strings.Contains(answer.Message, "/_stripe") ||
				!strings.Contains(answer.Message, "the port 12111") || strings.Contains(answer.Message, "verysecret") {
				t.Errorf("%s, %v: %d %s", name, call, w.Code, w.Body)
			}
		}
		if w := ask(without, "GET", "/v1/customers", "", header...); !strings.Contains(w.Body.String(), "-stripe-addr") {
			t.Errorf("%s: it does not say how to get an address: %s", name, w.Body)
		}
	}
	if w := ask(with, "GET", "/v1/products", "", "Authorization", "Bearer "+with.Key, "Stripe-Version", "2023-10-16"); w.Code != http.StatusOK {
		t.Errorf("our own key with Stripe's header: %d %s", w.Code, w.Body)
	}
	for _, key := range []string{with.Key, "am_sk_test_wrong", "", "sk_other"} {
		if w := ask(with, "GET", "/v1/products", "", "Authorization", "Bearer "+key); strings.Contains(w.Body.String(), "simulator") {
			t.Errorf("the key %q is taken for Stripe's: %s", key, w.Body)
		}
	}
}

// checkout is the URL of a page to pay.
func checkout(t *testing.T, s *stack.Stack) string {
	t.Helper()
	_, text, err := s.Stripe("POST", "/v1/checkout/sessions", map[string][]string{
		"mode": {"payment"}, "success_url": {"http://shop.example/"}, "line_items[0][quantity]": {"1"},
		"line_items[0][price_data][currency]": {"usd"}, "line_items[0][price_data][unit_amount]": {"1000"}, "line_items[0][price_data][product_data][name]": {"Pro"},
	})
	var session struct{ URL string }
	if err := json.Unmarshal(text, &session); err != nil || session.URL == "" {
		t.Fatalf("%s %v", text, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return session.URL
}
