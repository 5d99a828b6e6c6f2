package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
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
	w := walk{text: string(payload)}
	e.Headers = map[string]string{}
	w.object(func(name string) {
		switch {
		case strings.EqualFold(name, "routeKey"):
			w.string(&e.RouteKey)
		case strings.EqualFold(name, "rawPath"):
			w.string(&e.RawPath)
		case strings.EqualFold(name, "rawQueryString"):
			w.string(&e.RawQueryString)
		case strings.EqualFold(name, "headers"):
			w.headers(e.Headers)
		case strings.EqualFold(name, "requestContext"):
			w.requestContext(&e.RequestContext)
		case strings.EqualFold(name, "body"):
			w.string(&e.Body)
		case strings.EqualFold(name, "isBase64Encoded"):
			w.flag(&e.IsBase64Encoded)
		}
	})
	if w.wrong != "" {
		return e, fmt.Errorf("read the event: %.40s is not what its field takes", w.wrong)
	}
	e.RawPath = (&url.URL{Path: e.RawPath}).EscapedPath() // an HTTP API decodes the path; the adapter reads it as a URL
	return e, nil
}

func (w *walk) headers(sent map[string]string) {
	w.object(func(name string) {
		for _, known := range headersRead {
			if strings.EqualFold(name, known) {
				value := ""
				if w.string(&value); value != "" {
					sent[known] = value
				}
			}
		}
	})
}

func (w *walk) requestContext(c *events.APIGatewayV2HTTPRequestContext) {
	w.object(func(name string) {
		switch {
		case strings.EqualFold(name, "domainName"):
			w.string(&c.DomainName)
		case strings.EqualFold(name, "requestId"):
			w.string(&c.RequestID)
		case strings.EqualFold(name, "timeEpoch"):
			w.whole(&c.TimeEpoch)
		case strings.EqualFold(name, "http"):
			w.object(func(name string) {
				switch {
				case strings.EqualFold(name, "method"):
					w.string(&c.HTTP.Method)
				case strings.EqualFold(name, "path"):
					w.string(&c.HTTP.Path)
				}
			})
		}
	})
}

// usedOf is what readEvent reads of the JSON of an event.
func usedOf(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPRequest {
	sent := map[string]string{}
	for _, known := range headersRead {
		if value := e.Headers[strings.ToLower(known)]; value != "" {
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
