package v1_test

import (
	"net/http"
	"testing"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A publishable key may read a customer where the company allows it, but never
// the names and addresses of others.
func TestReferralsNeedASecretKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	must(t, s.app.Store.Commit(t.Context(), catalog.Sandbox, app.SaveSettings{Settings: catalog.Settings{PublishableReadsCustomers: true}}))
	s.ok("POST", "/v1/customers", `{"id":"ada","email":"ada@example.com"}`)
	if status, out := s.call(publicKey, "GET", "/v1/customers/ada", ""); status != http.StatusOK || out["id"] != "ada" {
		t.Errorf("the customer alone: %d %v", status, out)
	}
	if status, out := s.call(publicKey, "GET", "/v1/customers/ada?expand=referrals", ""); status != http.StatusUnauthorized || out["code"] != "endpoint_not_public" {
		t.Errorf("with referrals: %d %v", status, out)
	}
	if out := s.ok("GET", "/v1/customers/ada?expand=referrals", ""); out["referrals"] == nil {
		t.Errorf("with a secret key: %v", out)
	}
}
