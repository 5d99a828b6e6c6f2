package payments_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/payments"
)

// A recorder answers as Stripe would, from a script, and records the requests.
type recorder struct {
	script func(r request) answer

	mu   sync.Mutex
	seen []request
}

type request struct {
	Method, Path, Key, Auth, Version string
	Params                           url.Values
}

type answer struct {
	status   int // 0 breaks the connection
	body     string
	replayed bool
}

func (rec *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	params, err := url.ParseQuery(strings.Trim(r.URL.RawQuery+"&"+string(body), "&"))
	if err != nil {
		return nil, err
	}
	got := request{r.Method, r.URL.Path, r.Header.Get("Idempotency-Key"), r.Header.Get("Authorization"), r.Header.Get("Stripe-Version"), params}
	rec.mu.Lock()
	rec.seen = append(rec.seen, got)
	rec.mu.Unlock()
	a := rec.script(got)
	if a.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	h := http.Header{"Content-Type": {"application/json"}, "Request-Id": {"req_1"}}
	if a.replayed {
		h.Set("Idempotent-Replayed", "true")
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// last is the latest request.
func (rec *recorder) last() request { return rec.seen[len(rec.seen)-1] }

// paths lists the requests, in order.
func (rec *recorder) paths() []string {
	var out []string
	for _, r := range rec.seen {
		out = append(out, r.Method+" "+r.Path)
	}
	return out
}

// always gives every request the same answer.
func always(status int, body string) *recorder {
	return &recorder{script: func(request) answer { return answer{status: status, body: body} }}
}

// start is the time at which the tests' operations begin.
var start = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// ada is the customer of most tests.
var ada = app.Ref{OperationID: "op_1", CustomerID: "ada", InternalID: "cus_int_ada", ProductIDs: []string{"pro", "seats"},
	CreatedAt: start, Now: start}

var testSecrets = map[catalog.Env]payments.Secrets{
	catalog.Sandbox: {APIKey: "sk_test_sim", WebhookSecrets: []string{"whsec_new", "whsec_old"}},
	catalog.Live:    {APIKey: "sk_live_1", WebhookSecrets: []string{"whsec_live"}},
}

func fixed(s map[catalog.Env]payments.Secrets) func(context.Context) (map[catalog.Env]payments.Secrets, error) {
	return func(context.Context) (map[catalog.Env]payments.Secrets, error) { return s, nil }
}

// over returns payments that send their requests to rt.
func over(rt http.RoundTripper) *payments.Stripe {
	return payments.New(fixed(testSecrets), payments.Options{BaseURL: "http://stripe.test", HTTPClient: &http.Client{Transport: rt},
		Now: func() time.Time { return start }})
}

func dec(t *testing.T, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// want compares the parameters of a request with those listed; "" means absent.
func want(t *testing.T, got url.Values, params map[string]string) {
	t.Helper()
	for name, value := range params {
		if got.Get(name) != value {
			t.Errorf("%s = %q, want %q", name, got.Get(name), value)
		}
		if len(got[name]) > 1 {
			t.Errorf("%s is sent %d times", name, len(got[name]))
		}
	}
}
