package gateway

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"windfall/local/template"
)

func TestRouter(t *testing.T) {
	t.Parallel()
	r, err := newRouter([]template.Function{
		{Folder: "customers", Routes: routes("POST /v1/customers", "GET /v1/customers/{customer_id}", "DELETE /v1/customers/{customer_id}")},
		{Folder: "search", Routes: routes("GET /v1/customers/search", "ANY /v1/any", "GET /v1/any")},
		{Folder: "nested", Routes: routes("GET /v1/customers/{customer_id}/entities/{entity_id}")},
		{Folder: "files", Routes: routes("GET /files/{path+}", "GET /files/index")},
		{Folder: "unknown_route", Routes: []template.Route{template.DefaultRoute}},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, method, path string
		want               target
	}{
		{"exact", "POST", "/v1/customers", target{"customers", "POST /v1/customers", nil}},
		{"a literal beats a parameter", "GET", "/v1/customers/search", target{"search", "GET /v1/customers/search", nil}},
		{"a parameter", "GET", "/v1/customers/ada@x.com", target{"customers", "GET /v1/customers/{customer_id}", map[string]string{"customer_id": "ada@x.com"}}},
		{"the method picks the route", "DELETE", "/v1/customers/search", target{"customers", "DELETE /v1/customers/{customer_id}", map[string]string{"customer_id": "search"}}},
		{"two parameters", "GET", "/v1/customers/a/entities/b", target{"nested", "GET /v1/customers/{customer_id}/entities/{entity_id}", map[string]string{"customer_id": "a", "entity_id": "b"}}},
		{"the rest of the path", "GET", "/files/a/b/c", target{"files", "GET /files/{path+}", map[string]string{"path": "a/b/c"}}},
		{"a literal beats the rest", "GET", "/files/index", target{"files", "GET /files/index", nil}},
		{"a named method beats ANY", "GET", "/v1/any", target{"search", "GET /v1/any", nil}},
		{"ANY takes the others", "PUT", "/v1/any", target{"search", "ANY /v1/any", nil}},
		{"no such path", "GET", "/v2/customers", target{"unknown_route", "$default", nil}},
		{"no such method", "PUT", "/v1/customers", target{"unknown_route", "$default", nil}},
		{"an empty parameter", "GET", "/v1/customers/", target{"unknown_route", "$default", nil}},
		{"a decoded slash makes a segment", "GET", "/v1/customers/a/b", target{"unknown_route", "$default", nil}},
		{"longer than any route", "POST", "/v1/customers/a/b/c/d", target{"unknown_route", "$default", nil}},
		{"paths have a case", "POST", "/V1/customers", target{"unknown_route", "$default", nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := r.match(tt.method, tt.path)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(target{})); diff != "" || !ok {
				t.Errorf("match (-want +got), ok=%v:\n%s", ok, diff)
			}
		})
	}
}

// A literal beats a parameter whatever stands beside them, and in any order.
func TestTheOrderOfRoutesDoesNotMatter(t *testing.T) {
	t.Parallel()
	keys := []string{"POST /v1/rewards", "POST /v1/rewards/{reward_id}", "POST /v1/rewards/redeem", "POST /v1/rewards/explain", "ANY /v1/rewards",
		"POST /v1/rewards/{reward_id}/promo_codes", "POST /v1/rewards/{reward_id}/promo_codes/{code}", "POST /v1", "POST /v1/{rest+}"}
	rapid.Check(t, func(t *rapid.T) {
		r, err := newRouter([]template.Function{{Folder: "f", Routes: routes(rapid.Permutation(keys).Draw(t, "routes")...)}})
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{"/v1/rewards/redeem": keys[2], "/v1/rewards/explain": keys[3], "/v1/rewards/ten": keys[1], "/v1/rewards": keys[0],
			"/v1/rewards/redeem/promo_codes": keys[5], "/v1/else": keys[8]} {
			if got, ok := r.match("POST", path); !ok || got.routeKey != want {
				t.Fatalf("%s goes to %q, want %q", path, got.routeKey, want)
			}
		}
	})
}

func TestTwoFunctionsCannotShareARoute(t *testing.T) {
	t.Parallel()
	_, err := newRouter([]template.Function{
		{Folder: "a", Routes: routes("GET /x")}, {Folder: "b", Routes: routes("GET /x")},
	})
	if err == nil || !strings.Contains(err.Error(), `"GET /x" belongs to two functions: a and b`) {
		t.Errorf("error = %v", err)
	}
}

func routes(keys ...string) (list []template.Route) {
	for _, key := range keys {
		method, path, _ := strings.Cut(key, " ")
		list = append(list, template.Route{Method: method, Path: path})
	}
	return list
}
