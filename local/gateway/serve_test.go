package gateway

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"windfall/local/template"
)

// function is a Lambda of a test: the event in, the answer out.
type function func(ctx context.Context, payload []byte) ([]byte, error)

func (f function) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return f(ctx, payload) }

// serve starts a gateway with all routes to f.
func serve(t *testing.T, f lambda.Handler, o Options) *httptest.Server {
	t.Helper()
	g, err := New(testTemplate(), InProcess(map[string]lambda.Handler{"thing": f, "sweep": f}), o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return server
}

func testTemplate() *template.Template {
	return &template.Template{
		Functions: []template.Function{
			{Folder: "thing", LogicalID: "ThingFunction", Timeout: time.Minute,
				Routes: append(routes("GET /v1/things/{id}"), template.DefaultRoute)},
			{Folder: "sweep", LogicalID: "SweepFunction", Timeout: time.Minute, Schedule: "rate(5 minutes)"},
		},
		CORS: template.CORS{
			AllowOrigins: []string{"https://app.example"}, AllowMethods: []string{"GET", "POST"},
			AllowHeaders: []string{"authorization", "*"}, ExposeHeaders: []string{"idempotent-replayed"}, MaxAge: time.Minute,
		},
	}
}

// answers returns a function that always gives this answer.
func answers(json string) function {
	return func(context.Context, []byte) ([]byte, error) { return []byte(json), nil }
}

func send(t *testing.T, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

func TestAnswersBecomeResponses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, answer string
		status       int
		contentType  string
		body         string
	}{
		{"a full response", `{"statusCode":201,"headers":{"content-type":"text/html","X-A":"1"},"body":"<p>"}`, 201, "text/html", "<p>"},
		{"a binary body", `{"statusCode":200,"headers":{"Content-Type":"image/png"},"body":"AP8=","isBase64Encoded":true}`, 200, "image/png", "\x00\xff"},
		{"no content type", `{"statusCode":200,"body":"hi"}`, 200, "text/plain;charset=UTF-8", "hi"},
		{"an object without status is the body", `{"message":"hi"}`, 200, "application/json", `{"message":"hi"}`},
		{"a string is the body", `"hi"`, 200, "application/json", `"hi"`},
		{"null is the body", `null`, 200, "application/json", `null`},
		{"not JSON", `hi`, 500, "application/json", `{"code":"internal_error","env":"","message":"Internal Server Error"}`},
		{"a status that is no number", `{"statusCode":"ok"}`, 500, "application/json", `{"code":"internal_error","env":"","message":"Internal Server Error"}`},
		{"a status out of range", `{"statusCode":42}`, 500, "application/json", `{"code":"internal_error","env":"","message":"Internal Server Error"}`},
		{"a body that is no base64", `{"statusCode":200,"body":"!","isBase64Encoded":true}`, 500, "application/json", `{"code":"internal_error","env":"","message":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, answers(tt.answer), Options{})
			res, body := send(t, "GET", server.URL+"/", "")
			if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.contentType || body != tt.body {
				t.Errorf("got %d %q %q, want %d %q %q", res.StatusCode, res.Header.Get("Content-Type"), body, tt.status, tt.contentType, tt.body)
			}
			if res.Header.Get("Apigw-Requestid") == "" {
				t.Error("no Apigw-Requestid header")
			}
		})
	}
}

func TestCookiesGoBothWays(t *testing.T) {
	t.Parallel()
	var got event
	server := serve(t, function(func(_ context.Context, payload []byte) ([]byte, error) {
		return []byte(`{"statusCode":204,"cookies":["a=1; Path=/","b=2"]}`), json.Unmarshal(payload, &got)
	}), Options{})
	res, _ := send(t, "GET", server.URL+"/", "", "Cookie", "s=1; t=2")
	if len(got.Cookies) != 2 || got.Cookies[0] != "s=1" || got.Cookies[1] != "t=2" {
		t.Errorf("cookies in = %q", got.Cookies)
	}
	if out := res.Header.Values("Set-Cookie"); len(out) != 2 || out[0] != "a=1; Path=/" || out[1] != "b=2" {
		t.Errorf("cookies out = %q", out)
	}
}

func TestPathParametersAndTheClock(t *testing.T) {
	t.Parallel()
	var got event
	now := time.Date(2027, 5, 1, 12, 0, 0, 123_000_000, time.UTC)
	server := serve(t, function(func(_ context.Context, payload []byte) ([]byte, error) {
		return []byte(`{}`), json.Unmarshal(payload, &got)
	}), Options{Now: func() time.Time { return now }})
	send(t, "GET", server.URL+"/v1/things/ada%40x%20y", "")
	if got.RouteKey != "GET /v1/things/{id}" || got.PathParameters["id"] != "ada@x y" {
		t.Errorf("route %q, parameters %v", got.RouteKey, got.PathParameters)
	}
	if ms := got.RequestContext.TimeEpoch; ms != now.UnixMilli() {
		t.Errorf("timeEpoch = %d, want %d", ms, now.UnixMilli())
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	called := false
	server := serve(t, function(func(context.Context, []byte) ([]byte, error) {
		called = true
		return []byte(`{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"https://evil.example"}}`), nil
	}), Options{})

	res, _ := send(t, "OPTIONS", server.URL+"/v1/attach", "", "Origin", "https://app.example", "Access-Control-Request-Method", "POST")
	h := res.Header
	if res.StatusCode != 204 || h.Get("Access-Control-Allow-Origin") != "https://app.example" ||
		h.Get("Access-Control-Allow-Methods") != "GET,POST" || h.Get("Access-Control-Allow-Headers") != "authorization,*" || h.Get("Access-Control-Max-Age") != "60" {
		t.Errorf("preflight: %d %v", res.StatusCode, h)
	}
	res, _ = send(t, "OPTIONS", server.URL+"/v1/attach", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
	if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight of a foreign origin: %d %v", res.StatusCode, res.Header)
	}
	if called {
		t.Error("a preflight reached the function")
	}
	res, _ = send(t, "GET", server.URL+"/", "", "Origin", "https://app.example")
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "https://app.example" || res.Header.Get("Access-Control-Expose-Headers") != "idempotent-replayed" {
		t.Errorf("headers of a real request: %v", res.Header)
	}
	res, _ = send(t, "GET", server.URL+"/", "", "Origin", "https://evil.example")
	if got := res.Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("a foreign origin got %q, set by the function", got)
	}
	if !called {
		t.Error("the real request did not reach the function")
	}
}
