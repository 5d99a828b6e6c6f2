package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// For any answer of a function, the caller gets one well-formed response.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{`{"statusCode":200,"body":"hi"}`, `{"statusCode":"1"}`, `[1]`, `"x"`, `{"headers":{"a b":"\n"},"statusCode":204,"body":"x"}`, `{`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"thing": answers(string(answer))}), Options{})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		if w.Code < 200 || w.Code > 599 || w.Header().Get("Apigw-Requestid") == "" {
			t.Errorf("status %d, headers %v", w.Code, w.Header())
		}
	})
}

// For any request, the function gets a readable event.
func FuzzRequests(f *testing.F) {
	f.Add("/v1/things/a%2Fb?x=1;y=%zz", "application/json", []byte("{}"))
	f.Add("/%25", "text/plain; charset=\xff", []byte("\xff"))
	f.Add("//..//", "", []byte(nil))
	f.Fuzz(func(t *testing.T, target, contentType string, body []byte) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return // net/http refuses it before any handler
		}
		g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"thing": function(func(_ context.Context, payload []byte) ([]byte, error) {
			var e events.APIGatewayV2HTTPRequest
			if err := json.Unmarshal(payload, &e); err != nil {
				t.Errorf("event: %v", err)
			}
			got := []byte(e.Body)
			if e.IsBase64Encoded {
				if got, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
					t.Errorf("body: %v", err)
				}
			}
			if !bytes.Equal(got, body) {
				t.Errorf("the body %q arrived as %q", body, got)
			}
			return []byte(`{}`), nil
		})}), Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.URL = u
		r.Header["Content-Type"] = []string{contentType}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 && w.Code != 413 && w.Code != 431 {
			t.Errorf("status %d", w.Code)
		}
	})
}
