package api

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/aws/aws-lambda-go/events"
)

// A gatewayEvent is what functions use of an API Gateway v2 event. Decoding the rest
// of it, a dozen headers above all, would be a fifth of what a check allocates.
type gatewayEvent struct {
	RouteKey       string         `json:"routeKey"`
	RawPath        string         `json:"rawPath"`
	RawQueryString string         `json:"rawQueryString"`
	Headers        gatewayHeaders `json:"headers"`
	RequestContext struct {
		DomainName string `json:"domainName"`
		RequestID  string `json:"requestId"`
		TimeEpoch  int64  `json:"timeEpoch"` // ms
		HTTP       struct {
			Method string `json:"method"`
			Path   string `json:"path"`
		} `json:"http"`
	} `json:"requestContext"`
	Body            string `json:"body"`
	IsBase64Encoded bool   `json:"isBase64Encoded"`
}

// gatewayHeaders are the headers that any handler reads: one that is not here does
// not arrive, and a test compares the list with the code. API Gateway writes their
// names in small letters.
type gatewayHeaders struct {
	Authorization   string `json:"authorization"`
	ContentType     string `json:"content-type"`
	IdempotencyKey  string `json:"idempotency-key"`
	APIVersion      string `json:"x-api-version"`
	StripeSignature string `json:"stripe-signature"`
}

// sent lists the headers that were sent.
func (h gatewayHeaders) sent() map[string]string {
	sent := map[string]string{}
	for _, one := range [...]struct{ name, value string }{{"Authorization", h.Authorization}, {"Content-Type", h.ContentType},
		{"Idempotency-Key", h.IdempotencyKey}, {"X-Api-Version", h.APIVersion}, {"Stripe-Signature", h.StripeSignature}} {
		if one.value != "" {
			sent[one.name] = one.value
		}
	}
	return sent
}

// readEvent reads an event in the form that the adapter takes.
func readEvent(payload []byte) (events.APIGatewayV2HTTPRequest, error) {
	var in gatewayEvent
	if err := json.Unmarshal(payload, &in); err != nil {
		return events.APIGatewayV2HTTPRequest{}, fmt.Errorf("read the event: %w", err)
	}
	of := in.RequestContext
	return events.APIGatewayV2HTTPRequest{
		RouteKey: in.RouteKey, RawQueryString: in.RawQueryString, Headers: in.Headers.sent(), Body: in.Body, IsBase64Encoded: in.IsBase64Encoded,
		RawPath: (&url.URL{Path: in.RawPath}).EscapedPath(), // an HTTP API decodes the path; the adapter reads it as a URL
		RequestContext: events.APIGatewayV2HTTPRequestContext{DomainName: of.DomainName, RequestID: of.RequestID, TimeEpoch: of.TimeEpoch,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: of.HTTP.Method, Path: of.HTTP.Path}},
	}, nil
}

// usedOf is what readEvent reads of the JSON of an event.
func usedOf(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPRequest {
	h := e.Headers
	e.Headers = gatewayHeaders{h["authorization"], h["content-type"], h["idempotency-key"], h["x-api-version"], h["stripe-signature"]}.sent()
	of := e.RequestContext
	return events.APIGatewayV2HTTPRequest{
		RouteKey: e.RouteKey, RawQueryString: e.RawQueryString, Headers: e.Headers, Body: e.Body, IsBase64Encoded: e.IsBase64Encoded,
		RawPath: (&url.URL{Path: e.RawPath}).EscapedPath(),
		RequestContext: events.APIGatewayV2HTTPRequestContext{DomainName: of.DomainName, RequestID: of.RequestID, TimeEpoch: of.TimeEpoch,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: of.HTTP.Method, Path: of.HTTP.Path}},
	}
}
