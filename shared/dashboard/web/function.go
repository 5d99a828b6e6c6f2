package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
)

// A Function is a site behind API Gateway. It is a lambda.Handler.
type Function struct {
	routes  []string
	adapter *httpadapter.HandlerAdapterV2
}

// NewFunction puts a site behind API Gateway, which sends it all requests of some routes.
func NewFunction(s *Site, routes ...string) *Function {
	return &Function{routes, httpadapter.NewV2(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gateway, ok := core.GetAPIGatewayV2ContextFromContext(r.Context())
		if !ok || gateway.TimeEpoch <= 0 {
			panic("the event has no requestContext.timeEpoch; is the integration's payload format 2.0?")
		}
		call := Call{ID: gateway.RequestID, Now: time.UnixMilli(gateway.TimeEpoch).UTC(), From: gateway.HTTP.SourceIP}
		s.ServeHTTP(w, r.WithContext(WithCall(r.Context(), call)))
	}))}
}

// Routes lists the routes of the function, as template.yaml has them.
func (f *Function) Routes() []string { return f.routes }

// Invoke implements lambda.Handler: an API Gateway v2 event in, its response out.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	response, err := f.InvokeEvent(ctx, e)
	if err != nil {
		return nil, err
	}
	return json.Marshal(response)
}

// InvokeEvent is Invoke for a gateway in the same process.
func (f *Function) InvokeEvent(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	e.RawPath = (&url.URL{Path: e.RawPath}).EscapedPath() // an HTTP API decodes the path; the adapter reads it as a URL
	response, err := f.adapter.ProxyWithContext(ctx, e)
	if err != nil {
		err = fmt.Errorf("serve %s: %w", e.RouteKey, err)
	}
	return response, err
}
