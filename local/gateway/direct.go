package gateway

import (
	"context"
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// An eventHandler takes an event without its JSON. Its answer is the one that Invoke
// encodes.
type eventHandler interface {
	lambda.Handler
	InvokeEvent(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
}

// mostDirect bounds what goes directly, in bytes: larger bodies may break the limits of
// Lambda, which count JSON.
const mostDirect = 256 << 10

// direct answers a request through a function in this process, without the JSON of
// event and answer, where neither can tell the difference. It reports whether it did.
func (g *Gateway) direct(w http.ResponseWriter, r *http.Request, function string, e event) bool {
	backend, ok := g.backend.(inProcess)
	if !ok {
		return false
	}
	handler, ok := backend[function].(eventHandler)
	if !ok || len(e.Body) > mostDirect || !e.isText() {
		return false
	}
	ctx, cancel := g.within(r.Context(), function)
	defer cancel()
	answer, err := runOne(ctx, function, func(ctx context.Context) (events.APIGatewayV2HTTPResponse, error) {
		return handler.InvokeEvent(ctx, e.plain())
	})
	if err == nil && len(answer.Body) > mostDirect {
		err = withinLimit(answer)
	}
	g.tell(function, err)
	if err == nil {
		err = response{&answer.StatusCode, answer.Headers, answer.Cookies, answer.Body, answer.IsBase64Encoded}.write(w, len(g.template.CORS.AllowOrigins) > 0)
	}
	if err != nil {
		refuse(w, err)
	}
	return true
}

// withinLimit is the error of an answer that is too large as JSON.
func withinLimit(answer events.APIGatewayV2HTTPResponse) error {
	var size counter
	encoder := json.NewEncoder(&size)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return err
	}
	if size-1 > maxLambdaResponse { // a line break is no part of it
		return errAnswerTooLarge
	}
	return nil
}

type counter int

func (c *counter) Write(text []byte) (int, error) {
	*c += counter(len(text))
	return len(text), nil
}

// isText reports whether JSON keeps every text of the event as it is. The body is text,
// or in base64.
func (e event) isText() bool {
	for name, value := range e.Headers {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return false
		}
	}
	return utf8.ValidString(e.RawPath) && utf8.ValidString(e.RawQueryString) && utf8.ValidString(e.RequestContext.DomainName)
}

// plain is the event as functions know it.
func (e event) plain() events.APIGatewayV2HTTPRequest {
	of := e.RequestContext
	return events.APIGatewayV2HTTPRequest{
		Version: e.Version, RouteKey: e.RouteKey, RawPath: e.RawPath, RawQueryString: e.RawQueryString, Cookies: e.Cookies, Headers: e.Headers,
		QueryStringParameters: e.QueryStringParameters, PathParameters: e.PathParameters, Body: e.Body, IsBase64Encoded: e.IsBase64Encoded,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			AccountID: of.AccountID, APIID: of.APIID, DomainName: of.DomainName, DomainPrefix: of.DomainPrefix, RequestID: of.RequestID,
			RouteKey: of.RouteKey, Stage: of.Stage, Time: of.Time, TimeEpoch: of.TimeEpoch,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: of.HTTP.Method, Path: of.HTTP.Path, Protocol: of.HTTP.Protocol,
				SourceIP: of.HTTP.SourceIP, UserAgent: of.HTTP.UserAgent},
		},
	}
}
