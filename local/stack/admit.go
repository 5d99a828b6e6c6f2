package stack

import (
	"encoding/json"
	"net/http"
	"strings"

	"windfall/local/explorer"
	"windfall/local/loopback"
)

// admit lets programs and our own pages reach the laptop's own paths: the front
// page, the contract and its page, and all from /_. It reports whether the request may continue.
func (s *Stack) admit(w http.ResponseWriter, r *http.Request) bool {
	path := r.URL.Path
	if path != "/" && !strings.HasPrefix(path, "/_") && !explorer.Serves(path) {
		return s.admitToAPI(w, r)
	}
	if no := loopback.Check(r, s.BaseURL, isPage(path)); no != nil {
		refuse(w, path, http.StatusForbidden, no.Code, no.Message)
		return false
	}
	if strings.HasPrefix(path, "/_dynamodb") && r.Method == http.MethodPost && !loopback.IsJSON(r) {
		refuse(w, path, http.StatusUnsupportedMediaType, "unsupported_media_type", "Send the header Content-Type: application/x-amz-json-1.0, as AWS's own clients do.")
		return false
	}
	return true
}

// admitToAPI serves other sites as template.yaml allows, but not with a secret
// key: that of this stack is well known, so any page in a browser of this
// machine could use it. Stripe's webhooks are signed, and may come through a
// tunnel; any other path may be of the API, as the gateway decodes it once more.
func (s *Stack) admitToAPI(w http.ResponseWriter, r *http.Request) bool {
	if r.URL.Path == "/webhooks/stripe" {
		return true
	}
	if no := loopback.CheckAPI(r, s.BaseURL, s.hasSecretKey(r)); no != nil {
		refuse(w, r.URL.Path, http.StatusForbidden, no.Code, no.Message)
		return false
	}
	return true
}

// hasSecretKey reports whether a request carries a secret key, right or wrong.
func (s *Stack) hasSecretKey(r *http.Request) bool {
	given := strings.Join(r.Header.Values("Authorization"), " ")
	return strings.Contains(given, "am_sk_") || strings.Contains(given, s.Key)
}

// isPage reports whether a path is a page in a browser, to which links may
// lead.
func isPage(path string) bool {
	for _, page := range []string{"/pay/", "/portal/", "/invoice/"} {
		if strings.HasPrefix(path, "/_stripe"+page) || strings.HasPrefix(path, liveSimPath+page) {
			return true
		}
	}
	return path == "/" || explorer.Serves(path)
}

// StripeAlone serves the simulator at the root of an address of its own, under
// the same rules.
func (s *Stack) StripeAlone(base string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if no := loopback.Check(r, base, isPage("/_stripe"+r.URL.Path)); no != nil {
			refuse(w, "/_stripe", http.StatusForbidden, no.Code, no.Message)
			return
		}
		s.Sim.ServeHTTP(w, r)
	})
}

// refuse answers in the error format of the API that was called.
func refuse(w http.ResponseWriter, path string, status int, code, message string) {
	body := map[string]any{"message": message, "code": code, "env": "sandbox"}
	switch {
	case strings.HasPrefix(path, "/_stripe"):
		body = map[string]any{"error": map[string]string{"type": "invalid_request_error", "code": code, "message": message}}
	case strings.HasPrefix(path, "/_dynamodb"):
		body = map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#AccessDeniedException", "message": message}
	}
	answer(w, status, body)
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	text, _ := json.Marshal(body) // texts always encode
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // an error means that the caller is gone
}
