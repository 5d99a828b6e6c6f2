package customers

import (
	"strings"
	"sync"
	"testing"

	. "windfall/tests/world"
)

func TestSettingsAreReadAndChanged(t *testing.T) {
	t.Parallel()
	w := New(t)
	most := 1e9
	settings := func(keep, reads, checkout bool, days float64) JSON {
		return JSON{"keep_access_when_past_due": keep, "publishable_reads_customers": reads, "publishable_checkout": checkout,
			"refund_ends_access": false, "dispute_ends_access": false, "automatic_tax": false, "tax_id_collection": false, "usage_event_days": days, "max_usage_per_call": most, "currency": "usd", "env": "sandbox"}
	}
	w.Want("at first", w.Get("/v1/settings"), settings(false, false, false, 400))
	most = 500
	w.Want("the most of a call", w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 500}), settings(false, false, false, 400))
	w.Want("the answer", w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true, "usage_event_days": 30}), settings(false, false, true, 30))
	w.Want("what was not said stays", w.Call("PATCH", "/v1/settings", JSON{"publishable_reads_customers": true}), settings(false, true, true, 30))
	w.Want("taken back", w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": false}), settings(false, true, false, 30))
	w.Want("nothing", w.Call("PATCH", "/v1/settings", JSON{}), settings(false, true, false, 30))
	w.Want("the same again", w.Call("PATCH", "/v1/settings", JSON{"usage_event_days": 30}), settings(false, true, false, 30))
	w.Want("read again", w.Get("/v1/settings"), settings(false, true, false, 30))

	history := w.Get("/v1/settings/audit?limit=2")
	w.Want("how often they were changed", []any{len(history["list"].([]any)), history["has_more"]}, []any{2, true})
	newest := history["list"].([]any)[0].(JSON)
	w.Want("the last change", []any{newest["changes"], newest["actor"], newest["at"]},
		[]any{[]any{JSON{"field": "publishable_checkout", "old": "true", "new": "false"}}, w.Stack.Key[:len(newest["actor"].(string))], float64(T0.UnixMilli())})
}

// A setting has its effect from the next call on.
func TestSettingsTakeEffect(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	public := w.PublishableKey()
	for _, allowed := range []bool{false, true, false} {
		w.Call("PATCH", "/v1/settings", JSON{"publishable_reads_customers": allowed})
		want := map[bool]int{false: 401, true: 200}[allowed]
		w.Want("a publishable key reads a customer", w.Do(public, "GET", "/v1/customers/c", nil).Status, want)
	}
}

func TestSettingsRefuseWhatTheyAreNot(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Call("PATCH", "/v1/settings", JSON{"usage_event_days": 30})
	public := w.PublishableKey()
	before := w.Stack.Tables()
	for body, name := range map[string]string{
		`{"publishable_checkout":true,"keep_acces":true}`:       "keep_acces",
		`{"KeepAccessWhenPastDue":true}`:                        "KeepAccessWhenPastDue",
		`{"PUBLISHABLE_CHECKOUT":true}`:                         "PUBLISHABLE_CHECKOUT",
		`{"env":"live"}`:                                        "env",
		`{"version":1}`:                                         "version",
		`{"keep_access_when_past_due":"true"}`:                  "keep_access_when_past_due",
		`{"keep_access_when_past_due":1}`:                       "keep_access_when_past_due",
		`{"publishable_checkout":true,"usage_event_days":null}`: "usage_event_days",
		`{"publishable_reads_customers":null}`:                  "publishable_reads_customers",
		`{"usage_event_days":0}`:                                "usage_event_days",
		`{"usage_event_days":3661}`:                             "usage_event_days",
		`{"usage_event_days":30.5}`:                             "usage_event_days",
		`{"usage_event_days":"30"}`:                             "usage_event_days",
		`{"usage_event_days":123456789012345678901234567890}`:   "usage_event_days",
		`{"max_usage_per_call":0}`:                              "max_usage_per_call",
		`{"max_usage_per_call":-1}`:                             "max_usage_per_call",
		`{"max_usage_per_call":1000000000000000001}`:            "max_usage_per_call",
		`{"max_usage_per_call":1.5}`:                            "max_usage_per_call",
		`{"max_usage_per_call":"5"}`:                            "max_usage_per_call",
		`{"max_usage_per_call":null}`:                           "max_usage_per_call",
		`[]`:                                                    "object",
		`"x"`:                                                   "object",
	} {
		a := w.Do(w.Stack.Key, "PATCH", "/v1/settings", body)
		if message, _ := a.Body["message"].(string); a.Status != 400 || a.Body["code"] != "invalid_inputs" || !strings.Contains(message, name) {
			t.Errorf("%s: %d %s", body, a.Status, a.Text)
		}
	}
	for _, path := range []string{"/v1/settings?verbose=true", "/v1/settings/audit?page=2", "/v1/settings/audit?cursor=x"} {
		w.Want(path, w.Do(w.Stack.Key, "GET", path, nil).Status, 400)
	}
	for _, key := range []string{public, "", "am_sk_test_wrong"} {
		for _, call := range []string{"GET /v1/settings", "PATCH /v1/settings", "GET /v1/settings/audit"} {
			method, path, _ := strings.Cut(call, " ")
			w.Want(call+" with key "+key, w.Do(key, method, path, JSON{"publishable_checkout": true}).Status, 401)
		}
	}
	w.Want("the table", w.Stack.Tables(), before)
}

// Concurrent changes of different settings both take effect.
func TestSettingsChangedAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	var all sync.WaitGroup
	for _, body := range []JSON{{"keep_access_when_past_due": true}, {"publishable_reads_customers": true}, {"publishable_checkout": true}, {"usage_event_days": 30}, {"max_usage_per_call": 7}} {
		all.Go(func() {
			if a := w.Do(w.Stack.Key, "PATCH", "/v1/settings", body); a.Status != 200 {
				t.Errorf("%v: %d %s", body, a.Status, a.Text)
			}
		})
	}
	all.Wait()
	now := w.Get("/v1/settings")
	w.Want("all of it", []any{now["keep_access_when_past_due"], now["publishable_reads_customers"], now["publishable_checkout"], now["usage_event_days"], now["max_usage_per_call"]}, []any{true, true, true, 30.0, 7.0})
	w.Want("entries", len(w.Get("/v1/settings/audit")["list"].([]any)), 5)
}
