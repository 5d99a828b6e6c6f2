package endpoints

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"windfall/shared/api"
	"windfall/shared/api/v2"
	"windfall/shared/api/words"
	"windfall/shared/app"
)

// An Unknown serves all routes that no other function has.
type Unknown struct{ *api.Function }

// UnknownRoute serves all routes that no other function has: a 404 in the API's
// own form. Of the App it needs only the log.
//
// A browser that asks for /dashboard/ is led to /dashboard. An HTTP API takes no route that ends with a slash, and its
// documentation does not say whether {proxy+} may stand for nothing: if so, the dashboard itself leads there.
func UnknownRoute(a *app.App) Unknown {
	all := api.Route{Pattern: "$default", Access: api.Open, Handle: v2.NoRoute}
	return Unknown{api.NewFunction(a, api.Dialect{Words: words.Of, Routes: []api.Route{all}})}
}

const dashboard = "/dashboard"

// Invoke implements lambda.Handler: an API Gateway v2 event in, its response out.
func (u Unknown) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &e); err == nil && leadsToDashboard(e) {
		return json.Marshal(toDashboard(e))
	}
	return u.Function.Invoke(ctx, payload)
}

// InvokeEvent is Invoke for a gateway in the same process.
func (u Unknown) InvokeEvent(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	if leadsToDashboard(e) {
		return toDashboard(e), nil
	}
	return u.Function.InvokeEvent(ctx, e)
}

func leadsToDashboard(e events.APIGatewayV2HTTPRequest) bool {
	method := e.RequestContext.HTTP.Method
	return (method == http.MethodGet || method == http.MethodHead) && strings.HasSuffix(e.RawPath, "/") && strings.TrimRight(e.RawPath, "/") == dashboard
}

func toDashboard(e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	to := dashboard
	if e.RawQueryString != "" {
		to += "?" + e.RawQueryString
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusSeeOther, Headers: map[string]string{"Location": to}}
}
