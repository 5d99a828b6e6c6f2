package endpoints

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	. "windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/app"
)

// lenientRoutes ignore unknown fields. Every other route that reads a body is
// strict, also a new one.
var lenientRoutes = []string{"POST /v1/check", "POST /v1/entitled", "POST /v1/track", "POST /v1/events",
	"POST /v1/events/list", "POST /v1/events/aggregate", "POST /v1/query", "POST /v1/balances.check", "POST /v1/balances.track"}

// eachBody calls f for every route that reads a JSON body.
func eachBody(t *testing.T, f func(t *testing.T, name string, ask func(body string) (int, string))) {
	asked := 0
	for _, fn := range Functions(&app.App{}) {
		served, ok := fn.(*Function)
		if !ok {
			continue
		}
		for _, rt := range served.Served() {
			name := rt.Pattern
			method, path, _ := strings.Cut(name, " ")
			if rt.Access == Open || method == "GET" || method == "DELETE" {
				continue
			}
			asked++
			t.Run(name, func(t *testing.T) {
				f(t, name, func(body string) (int, string) {
					r := httptest.NewRequest(method, strings.NewReplacer("{", "", "}", "").Replace(path), nil)
					_, err := rt.Handle(t.Context(), Request{Request: r, Caller: app.Caller{Env: "sandbox", Now: time.Unix(1_800_000_000, 0)}, Body: []byte(body)})
					status, answer := ErrorAnswer(err, "sandbox", words.Of)
					return status, answer.Message
				})
			})
		}
	}
	if asked < 20 {
		t.Errorf("only %d routes were called", asked)
	}
}

// The App of these tests has no store: a request that reached it would panic.
func TestAMisspeltFieldIsRefusedOnEveryStrictRoute(t *testing.T) {
	t.Parallel()
	eachBody(t, func(t *testing.T, name string, ask func(string) (int, string)) {
		for _, field := range []string{"custmer_id", "CUSTOMER_ID", "Name", "price", "windfall"} {
			if slices.Contains(lenientRoutes, name) {
				if status, says := ask(`{"` + field + `":1}`); status != 400 || strings.HasPrefix(says, field) {
					t.Errorf("%s is not ignored: %d %s", field, status, says)
				}
			} else if status, says := ask(`{"` + field + `":1}`); status != 400 || !strings.HasPrefix(says, field+": ") {
				t.Errorf("%s: %d %s", field, status, says)
			}
		}
	})
}

func TestADoubleFieldAndBrokenTextAreRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	eachBody(t, func(t *testing.T, _ string, ask func(string) (int, string)) {
		for _, body := range []string{`{"id":"a","id":"b"}`, `{"customer_id":"a","customer_id":"b"}`, `{"id":"\ud800"}`, "{\"id\":\"\xff\"}", `{"id":1} {}`, `{"id"`, `[]`, `{"x":1e999999999,}`} {
			status, says := ask(body)
			for _, word := range []string{"json:", "unmarshal", "invalid character", "jsontext"} {
				if status != 400 || says == "" || strings.Contains(says, word) {
					t.Errorf("%q: %d %s", body, status, says)
				}
			}
		}
	})
}
