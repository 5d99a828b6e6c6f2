package second

import (
	"net/http"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

const testClock = "/v1/customers.advance_test_clock"

// The clock of a customer is that of all here. A call whose answer was lost is made again, and
// changes nothing.
func TestCLK01TheClockOfACustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.CustomerWithCard("d", "pro")
	to := T0.AddDate(0, 1, 0).Add(2 * time.Hour)
	body := JSON{"customer_id": "c", "frozen_time": to.UnixMilli() + 999}
	want := JSON{"customer_id": "c", "frozen_time": to.UnixMilli(), "status": "ready"}
	for range 2 {
		w.Want("answer", w.Post(testClock, body), want)
		w.Want("clock", ValueAt(w.Get("/_local/clock"), "now"), to.UnixMilli())
		w.Billed("c", 2000, 2000)
		w.Billed("d", 2000, 2000)
	}
}

func TestCLK02WhatTheClockRefuses(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Post("/v1/customers", JSON{"id": "c"})
	later := T0.Add(time.Hour).UnixMilli()
	for _, c := range []struct {
		body    any
		code    string
		status  int
		message string
	}{
		{JSON{"customer_id": "c", "frozen_time": T0.UnixMilli() - 1000}, "invalid_inputs", 400, "frozen_time: the clock only moves forward, and stands at 2"},
		{JSON{"customer_id": "c"}, "invalid_inputs", 400, "frozen_time: "},
		{JSON{"customer_id": "c", "frozen_time": 1e18}, "invalid_inputs", 400, "frozen_time: it leads beyond the year 9999"},
		{JSON{"frozen_time": later}, "invalid_inputs", 400, "customer_id: required."},
		{JSON{"customer_id": "x", "frozen_time": later}, "customer_not_found", 404, "\"x\""},
		{JSON{"customer_id": "c", "frozen_time": "soon"}, "invalid_inputs", 400, "frozen_time: "},
		{JSON{"customer_id": "c", "frozen": later}, "invalid_inputs", 400, "frozen: "},
		{`{"customer_id": "c"`, "invalid_inputs", 400, ""},
	} {
		if got := w.Refused(c.status, c.code, testClock, c.body); !strings.Contains(got, c.message) {
			t.Errorf("%v: %s", c.body, got)
		}
	}
	good := JSON{"customer_id": "c", "frozen_time": later}
	for key, code := range map[string]string{"": "no_secret_key", "am_sk_test_wrong": "invalid_secret_key", w.PublishableKey(): "endpoint_not_public"} {
		if got := w.Do(key, "POST", testClock, good); got.Status != 401 || got.Body["code"] != code {
			t.Errorf("%s: %d %s", key, got.Status, got.Text)
		}
	}
	first := w.Do(w.Stack.Key, "POST", testClock, good, func(r *http.Request) { r.Header.Set("x-api-version", "1.2") })
	w.Want("first dialect", []any{first.Status, first.Body["code"], strings.HasPrefix(first.Body["message"].(string), "POST "+testClock+" is not part of version 1.2")}, []any{400, "invalid_api_version", true})
	w.Want("clock", ValueAt(w.Get("/_local/clock"), "now"), T0.UnixMilli())
	if got := w.Do(w.Stack.Key, "GET", testClock, nil); got.Status != 404 {
		t.Errorf("GET: %d %s", got.Status, got.Text)
	}
}
