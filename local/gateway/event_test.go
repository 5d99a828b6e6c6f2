package gateway

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// captured is an event that a real HTTP API sent, with the fields that every
// event has. Public addresses and ids are replaced.
const captured = `{
  "version": "2.0",
  "routeKey": "$default",
  "rawPath": "/capture/space value",
  "rawQueryString": "repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com%2Fa%2Fb&literalPlus=a+b&encodedPlus=a%2Bb&empty=",
  "cookies": ["session=abc123", "theme=dark"],
  "headers": {
    "accept": "*/*",
    "content-length": "66",
    "content-type": "application/json",
    "host": "abc.execute-api.us-west-2.amazonaws.com",
    "user-agent": "curl/8.7.1",
    "x-amzn-trace-id": "Root=1-00000000-000000000000000000000000",
    "x-forwarded-for": "192.0.2.18",
    "x-forwarded-port": "80",
    "x-forwarded-proto": "http",
    "x-probe": "first,second"
  },
  "queryStringParameters": {
    "empty": "",
    "encodedPlus": "a+b",
    "literalPlus": "a b",
    "redirect": "https://example.com/a/b",
    "repeat": "one,two"
  },
  "requestContext": {
    "accountId": "000000000000",
    "apiId": "local",
    "domainName": "abc.execute-api.us-west-2.amazonaws.com",
    "domainPrefix": "abc",
    "http": {
      "method": "POST",
      "path": "/capture/space value",
      "protocol": "HTTP/1.1",
      "sourceIp": "192.0.2.18",
      "userAgent": "curl/8.7.1"
    },
    "requestId": "ATfSmjLgPHcESJw=",
    "routeKey": "$default",
    "stage": "$default",
    "time": "10/Jul/2026:19:19:05 +0000",
    "timeEpoch": 1783711145766
  },
  "body": "{\"message\":\"hello from the public internet\",\"unicode\":\"lambda-λ\"}",
  "isBase64Encoded": false
}`

func TestEventEqualsOneOfARealHTTPAPI(t *testing.T) {
	t.Parallel()
	body := `{"message":"hello from the public internet","unicode":"lambda-λ"}`
	r := httptest.NewRequest(http.MethodPost, "/capture/space%20value?repeat=one&repeat=two&redirect=https%3A%2F%2Fexample.com%2Fa%2Fb&literalPlus=a+b&encodedPlus=a%2Bb&empty=", strings.NewReader(body))
	r.Host = "abc.execute-api.us-west-2.amazonaws.com"
	r.RemoteAddr = "192.0.2.18:50123"
	r.Header = http.Header{
		"Accept": {"*/*"}, "Content-Type": {"application/json"}, "User-Agent": {"curl/8.7.1"},
		"X-Probe": {"first", "second"}, "Cookie": {"session=abc123; theme=dark"},
	}
	path, err := decodePath(r.URL.EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	to := target{function: "unknown_route", routeKey: "$default"}
	got := newEvent(r, []byte(body), path, to, "ATfSmjLgPHcESJw=", time.UnixMilli(1783711145766)).encode()

	if diff := cmp.Diff(decode(t, []byte(captured)), decode(t, got)); diff != "" {
		t.Errorf("event (-AWS +ours):\n%s", diff)
	}
}

func TestBodiesAreTextOrBase64ByContentType(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		contentType, body, want string
		base64                  bool
	}{
		"JSON":                       {"application/json; charset=utf-8", `{"a":"<&>"}`, `{"a":"<&>"}`, false},
		"text":                       {"text/plain", "hi", "hi", false},
		"a form, text as it is":      {"application/x-www-form-urlencoded", "a=1", "YT0x", true},
		"no type":                    {"", "hi", "aGk=", true},
		"binary":                     {"application/octet-stream", "\x00\xff", "AP8=", true},
		"JSON that is not UTF-8":     {"application/json", "\xff", "/w==", true},
		"nothing is never encoded":   {"application/octet-stream", "", "", false},
		"a type that cannot be read": {"/;", "hi", "aGk=", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("Content-Type", tt.contentType)
			e := newEvent(r, []byte(tt.body), "/", target{}, "id", time.Time{})
			if e.Body != tt.want || e.IsBase64Encoded != tt.base64 {
				t.Errorf("body %q base64 %v, want %q %v", e.Body, e.IsBase64Encoded, tt.want, tt.base64)
			}
		})
	}
}

func TestHeadersThatTheGatewayOwns(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "http://localhost:8787/", nil)
	r.RemoteAddr = "127.0.0.1:999"
	r.Header = http.Header{
		"X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Proto": {"gopher"}, "Connection": {"close"}, "Cookie": {"a=1"},
	}
	want := map[string]string{
		"host": "localhost:8787", "content-length": "0", "x-forwarded-for": "10.0.0.1, 127.0.0.1",
		"x-forwarded-proto": "http", "x-forwarded-port": "8787",
		"x-amzn-trace-id": "Root=1-00000000-000000000000000000000000",
	}
	if diff := cmp.Diff(want, headers(r, 0, sourceIP(r))); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

// Every line was seen at a real HTTP API; path.go explains.
func TestPathsArriveAsAWSDecodesThem(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"/capture/plain":                             "/capture/plain",
		"/capture/space%20value":                     "/capture/space value",
		"/capture/question%3Fvalue":                  "/capture/question",
		"/capture/hash%23value":                      "/capture/hash#value",
		"/capture/slash%2Fvalue":                     "/capture/slash/value",
		"/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C": "/capture/unicode-λ-世界",
		"/capture/literal%252Fvalue":                 "/capture/literal/value",
		"/capture/literal%253Fvalue":                 "/capture/literal?value",
		"/capture/literal%2525value":                 "/capture/literal%value",
	}
	for sent, want := range tests {
		if got, err := decodePath(sent); err != nil || got != want {
			t.Errorf("decodePath(%q) = %q, %v, want %q", sent, got, err, want)
		}
	}
	if got, err := decodePath("/capture/percent%25done"); err == nil {
		t.Errorf("a lone percent sign gave %q; AWS answers 400", got)
	}
}

func decode(t *testing.T, b []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
	return v
}
