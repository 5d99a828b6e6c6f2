package requests

import (
	"net/http"
	"strings"
	"testing"

	"windfall/local/stripesim"
	. "windfall/tests/world"
)

// Every bad call is answered by a 4xx with a code, a sentence and the
// environment, and nothing is written.
func TestBadInputIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	plain := func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }
	for _, call := range []struct {
		method, path string
		body         any
		status       int
		code         string
		change       func(*http.Request)
	}{
		{"POST", "/v1/attach", JSON{}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c"}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "product_ids": []string{"pro"}}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "pro"}}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": 7, "product_id": "pro"}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "a/b", "product_id": "pro"}, 400, "invalid_request", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "a\x00b", "product_id": "pro"}, 400, "invalid_request", nil},
		{"POST", "/v1/attach", JSON{"customer_id": strings.Repeat("x", 256), "product_id": "pro"}, 400, "invalid_request", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "options": []JSON{{"feature_id": "messages", "quantity": "ten"}}}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "success_url": "javascript:alert(1)"}, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "version": 9}, 404, "product_not_found", nil},
		{"POST", "/v1/attach", `{"customer_id":"c"`, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", `[1]`, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", `"text"`, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", `{} {}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", strings.Repeat("[", 100000), 400, "invalid_inputs", nil},
		{"POST", "/v1/attach", `{"customer_id":"` + strings.Repeat("x", 400<<10) + `"}`, 413, "request_too_large", nil},
		{"POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"}, 415, "unsupported_media_type", plain},
		{"POST", "/v1/check", JSON{"customer_id": "c"}, 400, "invalid_request", nil},
		{"POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "product_id": "pro"}, 400, "invalid_request", nil},
		{"POST", "/v1/check", `{"customer_id":"c","feature_id":"messages","required_balance":1e400}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/check", `{"customer_id":"c","feature_id":"messages","required_balance":"5"}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":NaN}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":{}}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":` + strings.Repeat("9", 40) + `}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/track", `{"customer_id":"c","feature_id":"messages","value":1e999999999}`, 400, "invalid_inputs", nil},
		{"POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "timestamp": 1}, 400, "invalid_inputs", nil},
		{"POST", "/v1/customers", JSON{}, 400, "invalid_request", nil},
		{"POST", "/v1/customers?expand=nothing", JSON{"id": "c"}, 400, "invalid_expand", nil},
		{"POST", "/v1/customers/c", JSON{"id": nil}, 400, "invalid_update_customer_params", nil},
		{"POST", "/v1/customers/nobody", JSON{"name": "N"}, 404, "customer_not_found", nil},
		{"GET", "/v1/customers/nobody", nil, 404, "customer_not_found", nil},
		{"DELETE", "/v1/customers/nobody", nil, 404, "customer_not_found", nil},
		{"GET", "/v1/customers?limit=0", nil, 400, "invalid_inputs", nil},
		{"GET", "/v1/customers?limit=many", nil, 400, "invalid_inputs", nil},
		{"GET", "/v1/attach", nil, 404, "route_not_found", nil},
		{"POST", "/v1/nothing", JSON{}, 404, "route_not_found", nil},
		{"GET", "/nothing", nil, 404, "route_not_found", nil},
	} {
		var changes []func(*http.Request)
		if call.change != nil {
			changes = append(changes, call.change)
		}
		a := w.Do(w.Stack.Key, call.method, call.path, call.body, changes...)
		if a.Status != call.status || a.Body["code"] != call.code {
			t.Errorf("%s %s %.80v: got %d %.200s, want %d %s", call.method, call.path, call.body, a.Status, a.Text, call.status, call.code)
		}
		if message, _ := a.Body["message"].(string); message == "" {
			t.Errorf("%s %s %.80v: no message in %.200s", call.method, call.path, call.body, a.Text)
		}
		if _, given := a.Body["env"]; !given {
			t.Errorf("%s %s %.80v: no env in %.200s", call.method, call.path, call.body, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused call wrote to the table")
	}
}

func TestKeysOpenWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	for _, call := range []struct {
		key, method, path string
		body              any
		status            int
		code              string
	}{
		{"", "POST", "/v1/check", JSON{}, 401, "no_secret_key"},
		{"am_sk_test_wrong", "POST", "/v1/check", JSON{}, 401, "invalid_secret_key"},
		{"am_sk_live_local", "POST", "/v1/check", JSON{}, 401, "invalid_secret_key"},
		{"sk_test_sim", "POST", "/v1/check", JSON{}, 401, "invalid_secret_key"},
		{"am_pk_test_local", "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages"}, 401, "endpoint_not_public"},
		{"am_pk_test_local", "POST", "/v1/customers", JSON{"id": "d"}, 401, "endpoint_not_public"},
		{"am_pk_test_local", "GET", "/v1/customers/c", nil, 401, "endpoint_not_public"},
		{"am_pk_test_local", "POST", "/v1/products", JSON{"id": "p"}, 401, "endpoint_not_public"},
	} {
		a := w.Do(call.key, call.method, call.path, call.body)
		if a.Status != call.status || a.Body["code"] != call.code {
			t.Errorf("%q %s %s: got %d %s, want %d %s", call.key, call.method, call.path, a.Status, a.Text, call.status, call.code)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused key wrote to the table")
	}
	if a := w.Do("am_pk_test_local", "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}); a.Status != 200 {
		t.Errorf("check with a publishable key: %d %s", a.Status, a.Text)
	}
	if a := w.Do("am_pk_test_local", "GET", "/v1/products", nil); a.Status != 200 {
		t.Errorf("products with a publishable key: %d %s", a.Status, a.Text)
	}
}

func TestAnIdempotencyKeyReplaysTheFirstAnswer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	buy := Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("messages", 250))
	first := w.Do(w.Stack.Key, "POST", "/v1/attach", buy, IdempotencyKey("k,1")) // a comma, as the adapter splits there
	second := w.Do(w.Stack.Key, "POST", "/v1/attach", buy, IdempotencyKey("k,1"))
	if first.Status != 200 || second.Text != first.Text || second.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("got %d %s, then %d %s", first.Status, first.Text, second.Status, second.Text)
	}
	w.WaitIdle()
	w.Billed("c", 900)
	w.HasBalance("c", "messages", true, 350)
	other := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"}, IdempotencyKey("k,1"))
	if other.Status != 422 || other.Body["code"] != "idempotency_key_reused" {
		t.Errorf("another body: %d %s", other.Status, other.Text)
	}
}

// A check that takes what it asks for is a use like a track: with an
// Idempotency-Key it counts once. One that takes nothing changes nothing, and is
// answered anew.
func TestCHK11AnIdempotencyKeyCountsACheckOnce(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/v1/check", "/v1/entitled"} {
		w := New(t)
		w.StandardCatalog()
		w.Post("/v1/customers", JSON{"id": "c"})
		ask := func(more JSON) Answer {
			return w.Do(w.Stack.Key, "POST", path, Merge(JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 30}, more), IdempotencyKey("k"))
		}
		first, second := ask(JSON{"send_event": true}), ask(JSON{"send_event": true})
		w.Want("the repetition", []any{first.Status, second.Text, second.Header.Get("Idempotent-Replayed")}, []any{200, first.Text, "true"})
		w.HasBalance("c", "messages", true, 70)
		w.Want("another use under the key", ask(JSON{"send_event": true, "required_balance": 1}).Body["code"], "idempotency_key_reused")
		w.HasBalance("c", "messages", true, 70)
		for _, left := range []int{70, 60} {
			plain := ask(JSON{"send_event": false})
			w.Want("a check alone", []any{plain.Status, ValueAt(plain.Body, "balance"), plain.Header.Get("Idempotent-Replayed")}, []any{200, left, ""})
			w.Track("c", "messages", 10)
		}
		public := w.Do(w.PublishableKey(), "POST", path, JSON{"customer_id": "c", "feature_id": "messages", "send_event": true}, IdempotencyKey("k"))
		w.Want("a publishable key, which uses nothing", []any{public.Status, public.Header.Get("Idempotent-Replayed")}, []any{200, ""})
		w.HasBalance("c", "messages", true, 50)
		refused := ask(JSON{"send_event": true, "idempotency_key": "k"})
		w.Want("the key in the body, as track takes it", []any{refused.Status, refused.Body["code"]}, []any{422, "idempotency_key_reused"})
		w.Refused(400, "invalid_inputs", path, JSON{"customer_id": "c", "feature_id": "messages", "send_event": true, "idempotency_key": "b"})
		w.HasBalance("c", "messages", true, 50)
	}
}

// A refused attach creates no customer, whether the product, quantities, the
// schedule or the trial is the reason.
func TestARefusedAttachMakesNobody(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for _, refused := range []JSON{
		{"product_id": "nothing"},
		Merge(JSON{"product_id": "topup"}, Quantity("messages", -1)),
		Merge(JSON{"product_id": "pro"}, Quantity("messages", 1)),
		{"product_id": "pro", "plan_schedule": "end_of_cycle"},
		{"product_ids": []string{"pro", "premium"}},
		{"product_id": "pro", "is_custom": true, "items": []JSON{{"feature_id": "nothing", "included_usage": 1}}},
	} {
		table, objects := w.Stack.Tables(), w.Stack.Objects()
		if a := w.Do(w.Stack.Key, "POST", "/v1/attach", Merge(JSON{"customer_id": "c"}, refused)); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%v: %d %s", refused, a.Status, a.Text)
		}
		w.Unchanged(table, objects)
	}
}

// A change of a customer that Stripe refuses is not saved either: both sides
// stay the same, in all fields of the change.
func TestWhatStripeRefusesOfACustomerIsNotSaved(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && strings.HasPrefix(path, "/v1/customers/") {
			return stripesim.RefuseBefore
		}
		return stripesim.FaultNone
	})
	for _, change := range []JSON{{"email": "c@x.y"}, {"name": "N"}, {"email": "c@x.y", "id": "renamed"}, {"email": "c@x.y", "metadata": JSON{"k": "v"}}} {
		w.Refused(503, "stripe_unavailable", "/v1/customers/c", change)
		w.Unchanged(table, objects)
	}
	w.Stack.Sim.SetFault(nil)
	w.Post("/v1/customers", JSON{"id": "taken"})
	table, objects = w.Stack.Tables(), w.Stack.Objects()
	w.Refused(409, "duplicate_customer_id", "/v1/customers/c", JSON{"email": "c@x.y", "id": "taken"})
	w.Unchanged(table, objects)
	w.Post("/v1/customers/c", JSON{"email": "c@x.y", "id": "renamed"})
	w.Want("the e-mail", w.Customer("renamed")["email"], "c@x.y")
}
