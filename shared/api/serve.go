package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A Function is one Lambda behind API Gateway: its routes and their handlers.
// It is a lambda.Handler.
type Function struct {
	app     *app.App
	words   Words
	mux     *http.ServeMux
	routes  []string
	Table   map[string]Route // by their patterns
	adapter *httpadapter.HandlerAdapterV2
}

// A Request is a call with its caller and clock.
type Request struct {
	*http.Request
	app.Caller
	Body []byte
}

// A Route is one method and path, the keys that may call it, and its handler.
// The result is written as JSON.
type Route struct {
	Pattern string // "POST /v1/attach"
	Access  Access
	Handle  func(context.Context, Request) (any, error)
	Replays bool // honours Idempotency-Key: the call changes something
	Success int  // the status of an answer that is no error; 0 is 200

	// Changes tells of a call that Replays whether it changes something; nil is
	// yes, of each.
	Changes func(Request) bool
}

// replays reports whether the answer to a request is stored under its key.
func (rt Route) replays(req Request) bool {
	return rt.Replays && (rt.Changes == nil || rt.Changes(req))
}

// NewFunction serves routes in the wording of a dialect.
func NewFunction(a *app.App, words Words, routes ...Route) *Function {
	f := &Function{app: a, words: words, mux: http.NewServeMux(), Table: map[string]Route{}}
	for _, rt := range routes {
		f.Table[rt.Pattern] = rt
		f.routes = append(f.routes, rt.Pattern)
		pattern := rt.Pattern
		if pattern == "$default" {
			pattern = "/"
		}
		f.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, rt) })
	}
	f.adapter = httpadapter.NewV2(http.HandlerFunc(f.route))
	return f
}

// NoRoute refuses a request that has no route.
var NoRoute = Route{Handle: func(_ context.Context, req Request) (any, error) {
	return nil, ErrRoute(req.Method, req.URL.Path)
}, Access: Open}

// route finds the handler. A path that is not clean, such as //v1/check or
// /v1/check/, is no route: http.ServeMux would answer a redirect, and clients
// would repeat the call elsewhere, with another method.
func (f *Function) route(w http.ResponseWriter, r *http.Request) {
	if _, pattern := f.mux.Handler(r); pattern == "" || path.Clean(r.URL.Path) != r.URL.Path {
		f.serve(w, r, NoRoute)
		return
	}
	f.mux.ServeHTTP(w, r)
}

// Routes lists the patterns of the function, as template.yaml has them.
func (f *Function) Routes() []string { return f.routes }

// Invoke implements lambda.Handler: an API Gateway v2 event in, its response out.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	event, err := readEvent(payload)
	if err != nil {
		return nil, err
	}
	response, err := f.proxy(ctx, event)
	if err != nil {
		return nil, err
	}
	return EncodeJSON(response)
}

// InvokeEvent is Invoke for a gateway in the same process: of event it uses what
// Invoke uses of JSON.
func (f *Function) InvokeEvent(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return f.proxy(ctx, usedOf(event))
}

func (f *Function) proxy(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	response, err := f.adapter.ProxyWithContext(ctx, event)
	if err != nil {
		err = fmt.Errorf("serve %s: %w", event.RouteKey, err)
	}
	return response, err
}

// answer is the outcome of a request.
type answer struct {
	status   int
	body     []byte
	replayed bool
	err      error // the cause of a failure, for the log
}

// serve runs every request: key, clock, handler, answer, log line.
func (f *Function) serve(w http.ResponseWriter, r *http.Request, rt Route) {
	var meter app.Meter
	ctx := app.WithMeter(r.Context(), &meter)
	req := Request{Request: r}
	a := f.answer(ctx, &req, rt)
	f.log(ctx, req, rt, a, &meter)
	w.Header().Set("Content-Type", aJSON)
	if a.replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	if a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a buffer of the adapter: it can't fail
}

func (f *Function) answer(ctx context.Context, req *Request, rt Route) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = f.failure(fmt.Errorf("panic: %v\n%s", p, debug.Stack()), req.Env)
		}
	}()
	if err := f.prepare(ctx, req, rt); err != nil {
		return f.failure(err, claimedEnv(req.Request))
	}
	if req.Publishable && rt.Access != Pages {
		ctx = app.ReadOnly(ctx) // the table can't change, whatever the handler does
	}
	if key := idempotencyKey(req.Request); key != "" && rt.replays(*req) {
		return f.once(ctx, *req, rt, key)
	}
	return f.run(ctx, *req, rt)
}

// prepare reads the clock, the key and the body.
func (f *Function) prepare(ctx context.Context, req *Request, rt Route) (err error) {
	now := requestTime(req.Request)
	if rt.Access == Open {
		req.Now = now
	} else {
		caller, denied := authenticate(ctx, f.app.Store, req.Request, rt.Access)
		caller.Now = now
		if req.Caller = caller; denied != nil {
			return denied
		}
	}
	if err := checkQuery(req.Request, rt); err != nil {
		return err
	}
	req.Body, err = readBody(req.Request, rt)
	return err
}

func (f *Function) run(ctx context.Context, req Request, rt Route) answer {
	out, err := rt.Handle(ctx, req)
	if err != nil {
		return f.failure(err, cmp.Or(req.Env, claimedEnv(req.Request)))
	}
	body, err := encodeAnswer(out)
	if err != nil {
		return f.failure(fmt.Errorf("encode the answer: %w", err), req.Env)
	}
	return answer{status: cmp.Or(rt.Success, http.StatusOK), body: body}
}

func (f *Function) failure(err error, env catalog.Env) answer {
	status, body := ErrorAnswer(err, env, f.words)
	text, _ := EncodeJSON(body) // three strings: it can't fail
	return answer{status: status, body: text, err: err}
}

// requestTime is the time at which API Gateway took the request. Commands know
// no other clock; on a laptop it is the clock of the local stack.
func requestTime(r *http.Request) time.Time {
	if gateway, ok := core.GetAPIGatewayV2ContextFromContext(r.Context()); ok && gateway.TimeEpoch > 0 {
		return time.UnixMilli(gateway.TimeEpoch).UTC()
	}
	panic("the event has no requestContext.timeEpoch; is the integration's payload format 2.0?")
}

func idempotencyKey(r *http.Request) string {
	return strings.Join(r.Header.Values("Idempotency-Key"), ",") // the adapter splits values at commas
}
