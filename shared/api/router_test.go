package api

import (
	"maps"
	"net/http/httptest"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	f := NewFunction(nil, Dialect{Routes: []Route{{Pattern: "GET /v1/customers/{customer_id}"}, {Pattern: "POST /v1/customers/{customer_id}/coupons/{reward_id}"},
		{Pattern: "POST /v1/rewards/{reward_id}"}, {Pattern: "POST /v1/rewards/redeem"}, {Pattern: "POST /v1/customers.get"}}})
	for _, tt := range []struct {
		method, path, pattern string
		values                map[string]string
	}{
		{"GET", "/v1/customers/ada@example.com", "GET /v1/customers/{customer_id}", map[string]string{"customer_id": "ada@example.com"}},
		{"GET", "/v1/customers/a%2Fb%20c", "GET /v1/customers/{customer_id}", map[string]string{"customer_id": "a/b c"}},
		{"GET", "/v1/customers/%7Bcustomer_id%7D", "GET /v1/customers/{customer_id}", map[string]string{"customer_id": "{customer_id}"}},
		{"POST", "/v1/customers/ada/coupons/half", "POST /v1/customers/{customer_id}/coupons/{reward_id}", map[string]string{"customer_id": "ada", "reward_id": "half"}},
		{"POST", "/v1/rewards/redeem", "POST /v1/rewards/redeem", nil},
		{"POST", "/v1/rewards/other", "POST /v1/rewards/{reward_id}", map[string]string{"reward_id": "other"}},
		{"POST", "/v1/customers.get", "POST /v1/customers.get", nil},
		{"POST", "/v1/customersXget", "", nil},
		{"DELETE", "/v1/customers/ada", "", nil},
		{"HEAD", "/v1/customers/ada", "", nil},
		{"GET", "/v1/customers/", "", nil},
		{"GET", "/v1/customers/ada/", "", nil},
		{"GET", "/v1//customers/ada", "", nil},
		{"GET", "/v1/customers/.", "", nil},
		{"GET", "/v1/products/../customers/ada", "", nil},
		{"GET", "/v1/customers/a/b", "", nil},
		{"GET", "/V1/customers/a", "", nil},
	} {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		got := ""
		if s := f.find(r); s != nil {
			got = s.pattern
		}
		values := map[string]string{}
		for _, name := range []string{"customer_id", "reward_id"} {
			if v := r.PathValue(name); v != "" {
				values[name] = v
			}
		}
		if got != tt.pattern || !maps.Equal(values, tt.values) {
			t.Errorf("%s %s: got %q %v, want %q %v", tt.method, tt.path, got, values, tt.pattern, tt.values)
		}
	}
}

func TestWhatHasNoRouteGoesToTheDefault(t *testing.T) {
	t.Parallel()
	f := NewFunction(nil, Dialect{Routes: []Route{{Pattern: "$default", Access: Open}}})
	for _, path := range []string{"/", "/v1/nothing", "/v1/a/b/c"} {
		if s := f.find(httptest.NewRequest("PUT", path, nil)); s == nil || s.pattern != "$default" {
			t.Errorf("%s: got %v", path, s)
		}
	}
}
