package security

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
	. "windfall/tests/world"
)

// public are the routes that a publishable key may call.
var public = map[string]bool{"POST /v1/plans.list": true, "POST /v1/balances.check": true,
	"POST /v1/check": true, "POST /v1/entitled": true,
	"GET /v1/components/pricing_table": true, "GET /v1/products": true, "GET /v1/products_beta": true,
}

// A publishable key is in the page of every application: any visitor may read
// the products on sale and check a customer, and change nothing.
func TestAPublishableKeyWritesNothing(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	key := w.PublishableKey()
	refused, answered := 0, 0
	for _, c := range named {
		for _, headers := range []func(*World) Answer{
			func(w *World) Answer { return w.Do(key, c.method(), c.path, c.body) },
			func(w *World) Answer { return w.Do(key, c.method(), c.path, c.body, IdempotencyKey("order-1")) },
		} {
			table, objects := w.Stack.Tables(), w.Stack.Objects()
			a := headers(w)
			w.WaitIdle()
			if public[c.route] {
				answered++
				if a.Status != 200 {
					t.Errorf("%s %s: %d %s", c.method(), c.path, a.Status, a.Text)
				}
			} else {
				refused++
				if a.Status != 401 || a.Body["code"] != "endpoint_not_public" {
					t.Errorf("%s %s: %d %s", c.method(), c.path, a.Status, a.Text)
				}
			}
			if w.Stack.Tables() != table || w.Stack.Objects() != objects {
				t.Fatalf("%s %v with a publishable key wrote", c.path, c.body)
			}
			if strings.Contains(a.Text, "prepared@x.y") || strings.Contains(a.Text, "Prepared") {
				t.Errorf("%s shows another customer: %s", c.path, a.Text)
			}
		}
	}
	t.Logf("publishable key: %d calls refused, %d answered, 0 writes", refused, answered)
}

// A key that is missing, mistyped, unknown or revoked opens nothing, and its
// answer depends neither on the route nor on the key's content.
func TestAWrongKeyOpensNothing(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	revoked := "am_sk_test_revoked"
	must(t, w.Stack.PutKey(t.Context(), revoked, app.Key{Env: catalog.Sandbox, RevokedAt: T0}))
	bearer := func(header string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", header) }
	}
	kinds := []struct {
		name, code string
		send       func(*http.Request)
	}{
		{"no key", "no_secret_key", func(*http.Request) {}},
		{"an empty key", "no_secret_key", bearer("Bearer ")},
		{"no scheme", "no_secret_key", bearer(w.Stack.Key)},
		{"another scheme", "no_secret_key", bearer("Basic " + w.Stack.Key)},
		{"an unknown key", "invalid_secret_key", bearer("Bearer am_sk_test_unknown")},
		{"an unknown publishable key", "invalid_secret_key", bearer("Bearer am_pk_test_unknown")},
		{"a revoked key", "invalid_secret_key", bearer("Bearer " + revoked)},
		{"a key's hash", "invalid_secret_key", bearer("Bearer am_sk_" + api.HashKey(w.Stack.Key))},
		{"a key and a blank", "invalid_secret_key", bearer("Bearer " + w.Stack.Key + " ")},
		{"a key in capitals", "invalid_secret_key", bearer("Bearer " + strings.ToUpper(w.Stack.Key))},
		{"Stripe's key", "invalid_secret_key", bearer("Bearer sk_test_sim")},
		{"hostile text", "invalid_secret_key", bearer("Bearer am_sk_test_\u202e#CUS#' OR 1=1 --")},
		{"a very long key", "invalid_secret_key", bearer("Bearer am_sk_test_" + strings.Repeat("x", 6000))},
	}
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	for _, kind := range kinds {
		for _, c := range named {
			a := w.Do("", c.method(), c.path, c.body, kind.send)
			if a.Status != 401 || a.Body["code"] != kind.code {
				t.Errorf("%s %s with %s: %d %s", c.method(), c.path, kind.name, a.Status, a.Text)
			}
		}
		w.WaitIdle()
		if w.Stack.Tables() != table || w.Stack.Objects() != objects {
			t.Fatalf("a call with %s wrote", kind.name)
		}
	}
	t.Logf("%d kinds of wrong keys x %d calls: all 401, 0 writes", len(kinds), len(named))
}

// HTTP compares the name of a scheme in any case (RFC 9110, section 11.1).
func TestTheSchemeOfAKeyIsReadInAnyCase(t *testing.T) {
	t.Parallel()
	w, _ := shop(t)
	for _, scheme := range []string{"Bearer ", "bearer ", "BEARER  "} {
		a := w.Do("", "GET", "/v1/products", nil, func(r *http.Request) { r.Header.Set("Authorization", scheme+w.Stack.Key) })
		w.Want(scheme, a.Status, 200)
	}
}

// A key of the other environment sees and changes its own rows only.
func TestAKeyOfTheOtherEnvironmentStaysThere(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	secret, public := "am_sk_live_other", "am_pk_live_other"
	must(t, w.Stack.PutKey(t.Context(), secret, app.Key{Env: catalog.Live}))
	must(t, w.Stack.PutKey(t.Context(), public, app.Key{Env: catalog.Live, Publishable: true}))
	before, objects := sandbox(w), w.Stack.Objects()
	for _, key := range []string{secret, public} {
		for _, c := range named {
			a := w.Do(key, c.method(), c.path, c.body)
			w.WaitIdle()
			if a.Status >= 500 {
				t.Errorf("%s %s: %d %s", c.method(), c.path, a.Status, a.Text)
			}
			if env := a.Body["env"]; env != nil && env != "live" {
				t.Errorf("%s %s with a live key answers for %v: %s", c.method(), c.path, env, a.Text)
			}
			for _, secret := range []string{"Prepared", "dashboard", "premium"} {
				if sent, _ := json.Marshal(c.body); strings.Contains(a.Text, secret) && !strings.Contains(string(sent)+c.path, secret) {
					t.Errorf("%s %s with a live key shows the sandbox (%s): %s", c.method(), c.path, secret, a.Text)
				}
			}
			if sandbox(w) != before || w.Stack.Objects() != objects {
				t.Fatalf("%s %s with a live key changed the sandbox", c.method(), c.path)
			}
		}
	}
}

// sandbox is the table's content of the sandbox.
func sandbox(w *World) string {
	var rows []string
	for _, line := range strings.Split(w.Stack.Tables(), "\n") {
		if strings.Contains(line, `"PK":{"S":"sandbox#`) {
			rows = append(rows, line)
		}
	}
	return strings.Join(rows, "\n")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
