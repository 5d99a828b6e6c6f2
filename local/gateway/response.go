package gateway

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// A response is what a function returns for an HTTP request.
type response struct {
	StatusCode      *int              `json:"statusCode"`
	Headers         map[string]string `json:"headers"`
	Cookies         []string          `json:"cookies"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
}

// writeAnswer sends a function's answer to the caller. An answer without
// statusCode is taken as the body of a 200 in JSON, as AWS infers it. It
// returns an error, and has written nothing, when the answer is no response.
func writeAnswer(w http.ResponseWriter, answer []byte, ownCORS bool) error {
	if !json.Valid(answer) {
		return errors.New("not JSON")
	}
	var res response
	err := json.Unmarshal(answer, &res)
	if isObject := strings.HasPrefix(strings.TrimSpace(string(answer)), "{"); !isObject || (err == nil && res.StatusCode == nil) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer) // the caller may be gone
		return nil
	}
	if err != nil {
		return err
	}
	return res.write(w, ownCORS)
}

func (res response) write(w http.ResponseWriter, ownCORS bool) (err error) {
	if *res.StatusCode < 200 || *res.StatusCode > 599 { // 1xx are not final answers
		return fmt.Errorf("status code %d", *res.StatusCode)
	}
	body := []byte(res.Body)
	if res.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(res.Body); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	}
	copyHeaders(w.Header(), res, ownCORS)
	w.WriteHeader(*res.StatusCode)
	_, _ = w.Write(body)
	return nil
}

func copyHeaders(to http.Header, res response, ownCORS bool) {
	for name, value := range res.Headers {
		name = http.CanonicalHeaderKey(name)
		switch {
		case ownCORS && strings.HasPrefix(name, "Access-Control-"):
			// API Gateway ignores a function's CORS headers once it has its own rules.
		case name == "Content-Length" || name == "Connection" || name == "Transfer-Encoding":
			// Counted anew for the body that is sent.
		default:
			to.Set(name, value)
		}
	}
	for _, cookie := range res.Cookies {
		to.Add("Set-Cookie", cookie)
	}
	if to.Get("Content-Type") == "" && res.Body != "" {
		to.Set("Content-Type", "text/plain;charset=UTF-8")
	}
}
