package api

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"windfall/shared/refusal"
)

func TestReadVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text   string
		want   Version
		second bool
	}{
		{"0.1", Version{0, 1}, false}, {"0.2", Version{0, 2}, false}, {"0.1.0", Version{0, 1}, false}, {"2025-02-01", Version{0, 1}, false}, {"2025-04-01", Version{0, 2}, false},
		{"1", Version{0, 2}, false}, {"1.0.0", Version{0, 2}, false}, {"1.1", Version{1, 1}, false}, {"1.1.0", Version{1, 1}, false},
		{"2025-04-17", Version{1, 1}, false}, {"2025-04-17.clover", Version{1, 1}, false}, {"1.2", Version{1, 2}, false}, {"1.2.0", Version{1, 2}, false},
		{"2025-05-05", Version{1, 2}, false}, {"1.4", Version{1, 4}, false}, {"beta", Version{1, 4}, false},
		{"2", Version{2, 0}, true}, {"2.0", Version{2, 0}, true}, {"2.0.0", Version{2, 0}, true}, {"2.1", Version{2, 1}, true}, {"2.1.0", Version{2, 1}, true},
		{" 2.2.0 ", Version{2, 2}, true}, {"2.3.0", Version{2, 3}, true}, {"2.4.0", Version{2, 4}, true}, {"2.5.0", Version{2, 5}, true}, {"2026-03-16", Version{2, 0}, true},
		{"2026-03-17", Version{2, 1}, true}, {"2026-03-18.clover", Version{2, 2}, true}, {"2026-05-13", Version{2, 3}, true},
	} {
		if got, err := readVersion(tt.text); err != nil || got != tt.want || got.Second() != tt.second {
			t.Errorf("%q: got %v, second %t, %v; want %v", tt.text, got, got.Second(), err, tt.want)
		}
	}
	for _, text := range []string{"3", "2.6", "2.4.1", "0.3", "1.3", "2025-04-18", "2026-02-31", "v2", "2.x", "clover", ".clover", "2.0.0.0", "2..0", "1.2,1.2"} {
		if got, err := readVersion(text); err == nil || !strings.Contains(err.Error(), "invalid_api_version") {
			t.Errorf("%q: got %v, %v; want invalid_api_version", text, got, err)
		}
	}
}

// Which dialect answers: by the header, and without it by the path. A path is
// never answered in the dialect that was not asked for.
func TestTheDialectThatIsAskedForAnswers(t *testing.T) {
	t.Parallel()
	says := func(dialect string) func(context.Context, Request) (any, error) {
		return func(_ context.Context, req Request) (any, error) { return dialect + " " + req.Version.String(), nil }
	}
	f := NewFunction(nil,
		Dialect{Routes: []Route{{Pattern: "POST /v1/check", Handle: says("first")}, {Pattern: "POST /v1/usage", Handle: says("first"), Elsewhere: "POST /v1/balances.update"},
			{Pattern: "POST /v1/balances.batch_track", Handle: says("first")}, {Pattern: "POST /hook", Handle: says("first"), Access: Open}}},
		Dialect{Second: true, Routes: []Route{{Pattern: "POST /v1/check", Handle: says("second")}, {Pattern: "POST /v1/balances.check", Handle: says("second"), Elsewhere: "POST /v1/check"},
			{Pattern: "POST /v1/balances.batch_track", Handle: says("second")}}})
	for _, tt := range []struct{ path, version, want string }{
		{"/v1/check", "", "first 1.2"}, {"/v1/check", "1.2", "first 1.2"}, {"/v1/check", "0.2", "first 0.2"}, {"/v1/check", "2.1.0", "second 2.1"},
		{"/v1/balances.check", "", "second 2.5"}, {"/v1/balances.check", "2.3.0", "second 2.3"},
		{"/v1/balances.check", "1.2", "POST /v1/balances.check is not part of version 1.2 of this API: call POST /v1/check, or send x-api-version 2.5.0."},
		{"/v1/usage", "2", "POST /v1/usage is not part of version 2.0 of this API: call POST /v1/balances.update, or leave the header x-api-version out, or send 1.2."},
		{"/v1/balances.batch_track", "", "second 2.5"}, {"/v1/balances.batch_track", "1.2", "first 1.2"},
		{"/v1/check", "7", `x-api-version: "7" is not a valid API version. Send 1.2 for the first dialect, or 2.0, 2.1, 2.2, 2.3, 2.4 or 2.5.0 for the second.`},
		{"/hook", "7", "first 1.2"},
	} {
		r := httptest.NewRequest("POST", tt.path, nil)
		r.Header.Set("X-Api-Version", tt.version)
		rt, v, err := f.table["POST "+tt.path].choose(r)
		var got string
		if err != nil {
			status, body := ErrorAnswer(err, "", nil)
			if got = body.Message; status != 400 || body.Code != "invalid_api_version" {
				t.Errorf("%s in version %q: %d %s", tt.path, tt.version, status, body.Code)
			}
		} else {
			out, _ := rt.Handle(t.Context(), Request{Version: v})
			got = out.(string)
		}
		if got != tt.want {
			t.Errorf("%s in version %q: got %s, want %s", tt.path, tt.version, got, tt.want)
		}
	}
}

func TestEachDialectHasItsWords(t *testing.T) {
	t.Parallel()
	words := func(said string) Words {
		return func(*refusal.Error) (string, string) { return said, said }
	}
	f := NewFunction(nil, Dialect{Words: words("product"), Routes: []Route{{Pattern: "POST /v1/attach"}}},
		Dialect{Second: true, Words: words("plan"), Routes: []Route{{Pattern: "POST /v1/attach"}}})
	for _, rt := range f.Served() {
		want := "product"
		if rt.second {
			want = "plan"
		}
		if a := rt.failure(refusal.ErrAlreadyAttached("pro"), "sandbox"); !strings.Contains(string(a.body), want) {
			t.Errorf("got %s, want %s", a.body, want)
		}
	}
}
