package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"windfall/shared/walk"
)

// headersRead are the headers that any handler reads: one that is not here does not
// arrive, and a test compares the list with the code.
var headersRead = [...]string{"Authorization", "Content-Type", "Idempotency-Key", "X-Api-Version", "Stripe-Signature"}

// readEvent reads what functions use of an API Gateway v2 event, in the form that the
// adapter takes. Decoding the rest of it, a dozen headers above all, would be a fifth
// of what a check allocates.
func readEvent(payload []byte) (e events.APIGatewayV2HTTPRequest, err error) {
	if !json.Valid(payload) {
		return e, errors.New("read the event: it is not JSON")
	}
	w := walk.New(string(payload))
	e.Headers = map[string]string{}
	w.Object(func(name string) {
		switch {
		case strings.EqualFold(name, "routeKey"):
			w.String(&e.RouteKey)
		case strings.EqualFold(name, "rawPath"):
			w.String(&e.RawPath)
		case strings.EqualFold(name, "rawQueryString"):
			w.String(&e.RawQueryString)
		case strings.EqualFold(name, "headers"):
			readHeaders(&w, e.Headers)
		case strings.EqualFold(name, "requestContext"):
			readContext(&w, &e.RequestContext)
		case strings.EqualFold(name, "body"):
			w.String(&e.Body)
		case strings.EqualFold(name, "isBase64Encoded"):
			w.Flag(&e.IsBase64Encoded)
		}
	})
	if w.Wrong() != "" {
		return e, fmt.Errorf("read the event: %.40s is not what its field takes", w.Wrong())
	}
	e.RawPath = (&url.URL{Path: e.RawPath}).EscapedPath() // an HTTP API decodes the path; the adapter reads it as a URL
	return e, nil
}

func readHeaders(w *walk.Walk, sent map[string]string) {
	w.Object(func(name string) {
		for _, known := range headersRead {
			if strings.EqualFold(name, known) {
				value := ""
				w.String(&value)
				sent[known] = value // "" is there, too: of a key, it is refused
			}
		}
	})
}

func readContext(w *walk.Walk, c *events.APIGatewayV2HTTPRequestContext) {
	w.Object(func(name string) {
		switch {
		case strings.EqualFold(name, "domainName"):
			w.String(&c.DomainName)
		case strings.EqualFold(name, "requestId"):
			w.String(&c.RequestID)
		case strings.EqualFold(name, "timeEpoch"):
			w.Whole(&c.TimeEpoch)
		case strings.EqualFold(name, "http"):
			w.Object(func(name string) {
				switch {
				case strings.EqualFold(name, "method"):
					w.String(&c.HTTP.Method)
				case strings.EqualFold(name, "path"):
					w.String(&c.HTTP.Path)
				}
			})
		}
	})
}

// usedOf is what readEvent reads of the JSON of an event.
func usedOf(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPRequest {
	sent := map[string]string{}
	for _, known := range headersRead {
		if value, is := e.Headers[strings.ToLower(known)]; is {
			sent[known] = value
		}
	}
	of := e.RequestContext
	return events.APIGatewayV2HTTPRequest{
		RouteKey: e.RouteKey, RawQueryString: e.RawQueryString, Headers: sent, Body: e.Body, IsBase64Encoded: e.IsBase64Encoded,
		RawPath: (&url.URL{Path: e.RawPath}).EscapedPath(),
		RequestContext: events.APIGatewayV2HTTPRequestContext{DomainName: of.DomainName, RequestID: of.RequestID, TimeEpoch: of.TimeEpoch,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: of.HTTP.Method, Path: of.HTTP.Path}},
	}
}
