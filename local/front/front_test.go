package front_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/demo"
	"windfall/local/stack"
)

// start opens a stack in memory with its control API, and maybe the demo.
func start(t *testing.T, filled bool, o stack.Options) *stack.Stack {
	t.Helper()
	s, err := stack.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.Control(control.New(s, nil))
	if filled {
		if err := demo.Fill(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func get(t *testing.T, s *stack.Stack, method string) (int, http.Header, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, s.BaseURL+"/", nil))
	return w.Code, w.Header(), w.Body.String()
}

func TestThePageShowsWhatIsThere(t *testing.T) {
	t.Parallel()
	s := start(t, true, stack.Options{StripeAddr: "127.0.0.1:12111"})
	status, header, page := get(t, s, http.MethodGet)
	for _, want := range []string{s.Key, stack.PublishableKey, s.BaseURL + "/v1/attach", "autumn-js", "port: 12111", "Premium", "$20.00 per month", "500 messages each month", "await stripe.customers.create", s.BaseURL + "/_stripe", `data-advance="1 month"`} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%d, no %q", status, want)
		}
	}
	if p := header.Get("Content-Security-Policy"); strings.Contains(p, "unsafe") || !strings.Contains(p, "default-src 'none'") {
		t.Errorf("policy %q", p)
	}
	if status, _, page := get(t, s, http.MethodPost); status != http.StatusNotFound || !strings.Contains(page, `"code"`) {
		t.Errorf("POST /: %d %s", status, page)
	}
}

// The releases to install are those of the test suites.
func TestThePageNamesTestedReleases(t *testing.T) {
	t.Parallel()
	_, _, page := get(t, start(t, false, stack.Options{}), http.MethodGet)
	for suite, name := range map[string]string{"sdk": "autumn-js", "stripe-node": "stripe"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "tests", suite, "package.json"))
		if err != nil {
			t.Fatal(err)
		}
		var of struct{ DevDependencies map[string]string }
		if err := json.Unmarshal(text, &of); err != nil {
			t.Fatal(err)
		}
		if release := "npm install " + name + "@" + of.DevDependencies[name] + "\n"; !strings.Contains(page, release) {
			t.Errorf("no %q", release)
		}
	}
}

// The page offers nothing that is not there.
func TestThePageWithoutTheDemo(t *testing.T) {
	t.Parallel()
	s := start(t, false, stack.Options{})
	if _, _, page := get(t, s, http.MethodGet); strings.Contains(page, "/v1/attach") || !strings.Contains(page, "None yet") || !strings.Contains(page, "-stripe-addr 127.0.0.1:12111") || !strings.Contains(page, "port: 12111") {
		t.Errorf("without products:\n%s", page)
	}
	body := `{"id":"evil","name":"<script>alert(1)</script>","items":[{"price":20,"interval":"month"}]}`
	if status, text, err := s.Call(t.Context(), http.MethodPost, "/v1/products", []byte(body)); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, text, err)
	}
	if _, _, page := get(t, s, http.MethodGet); strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;alert") {
		t.Error("the name of a product is not escaped")
	}
}

// The clock and the events have the format of the hosted pages.
func TestThePageWritesMomentsAlike(t *testing.T) {
	t.Parallel()
	s := start(t, true, stack.Options{Clock: time.Date(2027, 5, 2, 9, 5, 0, 0, time.UTC)})
	if status, text, err := s.Call(t.Context(), http.MethodPost, "/v1/customers", []byte(`{"id":"ada","create_in_stripe":true}`)); err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, text, err)
	}
	if _, _, page := get(t, s, http.MethodGet); strings.Count(page, "2 May 2027, 09:05") < 2 || strings.Contains(page, "2 May 2027 09") {
		t.Errorf("the clock and the event:\n%s", page)
	}
}
