package stack_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"windfall/local/stack"
)

// The secret key of the local stack is well known, so a page of another site
// could use the API with it: such a call is refused before it has any effect,
// in the API's format, and no other site may read the answer.
func TestForeignPagesCantUseTheSecretKey(t *testing.T) {
	t.Parallel()
	s := open(t, stack.Options{})
	own := open(t, stack.Options{Key: "am_pk_test_own"}) // a secret key by its rights, not by its name
	secret, public := "Bearer "+s.Key, "Bearer "+stack.PublishableKey
	before := s.Tables()
	for name, c := range map[string]struct {
		on     *stack.Stack
		code   string
		header []string
	}{
		"a page":                                           {s, "foreign_origin", []string{"Authorization", secret, "Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site"}},
		"an older browser":                                 {s, "foreign_origin", []string{"Authorization", secret, "Origin", "https://evil.example"}},
		"a page without origin":                            {s, "foreign_origin", []string{"Authorization", secret, "Origin", "null"}},
		"a name that looks ours":                           {s, "foreign_origin", []string{"Authorization", secret, "Origin", "http://localhost.evil.example"}},
		"a user that looks ours":                           {s, "foreign_origin", []string{"Authorization", secret, "Origin", "http://localhost@evil.example"}},
		"a scheme in lower case":                           {s, "foreign_origin", []string{"Authorization", "bearer " + s.Key, "Origin", "http://evil.example"}},
		"a key of the user's":                              {own, "foreign_origin", []string{"Authorization", "Bearer am_pk_test_own", "Origin", "http://evil.example"}},
		"a name that points here, with the secret key":     {s, "foreign_host", []string{"Authorization", secret, "Host", "evil.example"}},
		"a name that points here, and its port":            {s, "foreign_host", []string{"Authorization", secret, "Host", "evil.example:8787"}},
		"a name that points here, with a publishable key":  {s, "foreign_host", []string{"Authorization", public, "Host", "evil.example:8787"}},
		"a name that points here, without a key":           {s, "foreign_host", []string{"Host", "localhost.evil.example:8787"}},
		"a name that points here, from a page of this one": {s, "foreign_host", []string{"Authorization", secret, "Host", "evil.example:8787", "Origin", "http://localhost:3000"}},
	} {
		for _, call := range [][3]string{{"GET", "/v1/customers"}, {"GET", "/v1/settings"}, {"POST", "/v1/customers", `{"id":"eve"}`}, {"DELETE", "/v1/products/pro"}, {"GET", "/v1"}, {"GET", "/%761/customers"}, {"GET", "/%25761/customers"}} {
			w := ask(c.on, call[0], call[1], call[2], append([]string{"Content-Type", jsonType}, c.header...)...)
			var refused struct{ Message, Code, Env string }
			if err := json.Unmarshal(w.Body.Bytes(), &refused); err != nil || w.Code != http.StatusForbidden || refused.Code != c.code || refused.Message == "" || refused.Env != "sandbox" || w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: %s %s: %d %s %v", name, call[0], call[1], w.Code, w.Body, w.Header())
			}
		}
	}
	if s.Tables() != before {
		t.Error("something was refused and done")
	}
}
