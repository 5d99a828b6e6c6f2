package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
)

// adapted runs an http.Handler like the functions: behind the adapter. prepare
// changes the event first; nil leaves it as it is.
func adapted(h http.HandlerFunc, prepare func(*events.APIGatewayV2HTTPRequest)) lambda.Handler {
	adapter := httpadapter.NewV2(h)
	return lambda.NewHandler(func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		if prepare != nil {
			prepare(&e)
		}
		return adapter.ProxyWithContext(ctx, e)
	})
}

func TestTrapTheAdapterSplitsHeadersAtCommas(t *testing.T) {
	t.Parallel()
	const signature = "t=1783711145,v1=abc,v0=def"
	server := serve(t, adapted(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"get": r.Header.Get("Stripe-Signature"), "values": strings.Join(r.Header.Values("Stripe-Signature"), ","),
		})
	}, nil), Options{})
	_, body := send(t, "POST", server.URL+"/webhooks/stripe", "{}", "Stripe-Signature", signature)
	got := decode(t, []byte(body)).(map[string]any)
	if got["get"] != "t=1783711145" {
		t.Errorf("Header.Get gives %q: the adapter changed, so the trap is gone", got["get"])
	}
	if got["values"] != signature {
		t.Errorf("joined values = %q, want the whole signature", got["values"])
	}
}

func TestTrapAHandlerThatWritesNothingIsAnError(t *testing.T) {
	t.Parallel()
	server := serve(t, adapted(func(http.ResponseWriter, *http.Request) {}, nil), Options{})
	res, body := send(t, "GET", server.URL+"/", "")
	if res.StatusCode != 500 || !strings.Contains(body, "Internal Server Error") {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
}

func TestTrapTheAdapterParsesADecodedPath(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) }
	escape := func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = (&url.URL{Path: e.RawPath}).EscapedPath() }
	tests := []struct{ sent, naive, escaped string }{
		{"/v1/things/ada%20l", "200 /v1/things/ada l", "200 /v1/things/ada l"},
		{"/v1/things/a%23b", "200 /v1/things/a", "200 /v1/things/a#b"}, // another customer!
		{"/v1/things/a%253Fb", "200 /v1/things/a", "200 /v1/things/a?b"},
		{"/v1/things/50%2525off", "500", "200 /v1/things/50%off"},
	}
	naive := serve(t, adapted(echo, nil), Options{})
	escaped := serve(t, adapted(echo, escape), Options{})
	for _, tt := range tests {
		for _, way := range []struct{ url, want string }{{naive.URL, tt.naive}, {escaped.URL, tt.escaped}} {
			res, body := send(t, "GET", way.url+tt.sent, "")
			got := res.Status[:3] + " " + body
			if got != way.want && way.want != res.Status[:3] {
				t.Errorf("%s gave %q, want %q", tt.sent, got, way.want)
			}
		}
	}
}

func TestThroughTheAdapter(t *testing.T) {
	t.Parallel()
	server := serve(t, adapted(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie("session"); err != nil || c.Value != "abc" {
			t.Errorf("cookie = %v, %v", c, err)
		}
		if got := r.URL.Query()["tag"]; !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("query = %q", got)
		}
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		w.Header().Set("Content-Type", "application/octet-stream")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("\x00\xff"))
	}, nil), Options{})
	res, body := send(t, "POST", server.URL+"/x?tag=a&tag=b", "\xfe", "Cookie", "session=abc", "Content-Type", "application/octet-stream")
	if res.StatusCode != 202 || body != "\x00\xff" || res.Header.Get("Set-Cookie") != "seen=1" {
		t.Errorf("got %d %q %v", res.StatusCode, body, res.Header)
	}
}
