package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
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
	routes  []string            // patterns, each once
	table   map[string]*spelled // by pattern
	unknown Route               // what has no route
	adapter *httpadapter.HandlerAdapterV2
}

// A Request is a call with its caller and clock.
type Request struct {
	*http.Request
	app.Caller
	Version Version
	Body    []byte
}

// A Route is one method and path, the keys that may call it, and its handler.
// The result is written as JSON.
type Route struct {
	Pattern string // "POST /v1/attach"
	Access  Access
	Handle  func(context.Context, Request) (any, error)
	Replays bool // honours Idempotency-Key: the call changes something
	Success int  // the status of an answer that is no error; 0 is 200
	Expands bool // takes expand in the URL, though it is a POST

	// Changes tells of a call that Replays whether it changes something; nil is
	// yes, of each.
	Changes func(Request) bool

	// Elsewhere is the path for the same in the other dialect, where this path has no
	// answer: "POST /v1/billing.attach".
	Elsewhere string

	second bool  // of the second dialect
	words  Words // for errors of the rules
}

// replays reports whether the answer to a request is stored under its key.
func (rt *Route) replays(req Request) bool {
	return rt.Replays && (rt.Changes == nil || rt.Changes(req))
}

// NewFunction serves the routes of dialects. A path that both have answers in
// the dialect that the request asks for.
func NewFunction(a *app.App, dialects ...Dialect) *Function {
	f := &Function{app: a, table: map[string]*spelled{}}
	for _, d := range dialects {
		for _, rt := range d.Routes {
			rt.second, rt.words = d.Second, d.Words
			f.add(&rt)
		}
		f.unknown = NoRoute
		f.unknown.words = d.Words
	}
	f.adapter = httpadapter.NewV2(http.HandlerFunc(f.route))
	return f
}

func (f *Function) add(rt *Route) {
	s, known := f.table[rt.Pattern]
	if !known {
		s = &spelled{pattern: rt.Pattern}
		f.table[rt.Pattern] = s
		f.routes = append(f.routes, rt.Pattern)
	}
	if rt.second {
		s.second = rt
	} else {
		s.first = rt
	}
}

// NoRoute refuses a request that has no route.
var NoRoute = Route{Handle: func(_ context.Context, req Request) (any, error) {
	return nil, ErrRoute(req.Method, req.URL.Path)
}, Access: Open}

// route serves a request by the route of its path, in the dialect of its version.
func (f *Function) route(w http.ResponseWriter, r *http.Request) {
	s := f.find(r)
	if s == nil {
		f.serve(w, r, &f.unknown, latestFirst, nil)
		return
	}
	rt, v, err := s.choose(r)
	f.serve(w, r, rt, v, err)
}

// Routes lists the patterns of the function, as template.yaml has them.
func (f *Function) Routes() []string { return f.routes }

// Served lists what the function serves, a path of two dialects twice.
func (f *Function) Served() []Route {
	var all []Route
	for _, pattern := range f.routes {
		for _, rt := range []*Route{f.table[pattern].first, f.table[pattern].second} {
			if rt != nil {
				all = append(all, *rt)
			}
		}
	}
	return all
}

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

// serve runs every request: key, clock, handler, answer, log line. A version that
// is refused is told to callers with a key.
func (f *Function) serve(w http.ResponseWriter, r *http.Request, rt *Route, v Version, refused error) {
	var meter app.Meter
	ctx := app.WithMeter(r.Context(), &meter)
	req := Request{Request: r, Version: v}
	a := f.answer(ctx, &req, rt, refused)
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

func (f *Function) answer(ctx context.Context, req *Request, rt *Route, refused error) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = rt.failure(fmt.Errorf("panic: %v\n%s", p, debug.Stack()), req.Env)
		}
	}()
	if err := f.prepare(ctx, req, rt, refused); err != nil {
		return rt.failure(err, claimedEnv(req.Request))
	}
	if req.Publishable && rt.Access != Pages {
		ctx = app.ReadOnly(ctx) // the table can't change, whatever the handler does
	}
	key := idempotencyKey(req.Request)
	blank := req.Header["Idempotency-Key"] != nil && strings.TrimSpace(key) == ""
	if rt.Replays && (blank || len(key) > maxIdempotencyKey) {
		return rt.failure(InvalidInputs("Idempotency-Key: 1 to %d bytes that are not all spaces, got %d.", maxIdempotencyKey, len(key)), req.Env)
	}
	if key != "" && rt.replays(*req) {
		return f.once(ctx, *req, rt, key)
	}
	return f.run(ctx, *req, rt)
}

// prepare reads the clock, the key and the body.
func (f *Function) prepare(ctx context.Context, req *Request, rt *Route, refused error) (err error) {
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
	if refused != nil {
		return refused
	}
	if err := checkQuery(req.Request, rt); err != nil {
		return err
	}
	req.Body, err = readBody(req.Request, rt)
	return err
}

func (f *Function) run(ctx context.Context, req Request, rt *Route) answer {
	out, err := rt.Handle(ctx, req)
	if err != nil {
		return rt.failure(err, cmp.Or(req.Env, claimedEnv(req.Request)))
	}
	body, err := encodeAnswer(out)
	if err != nil {
		return rt.failure(fmt.Errorf("encode the answer: %w", err), req.Env)
	}
	return answer{status: cmp.Or(rt.Success, http.StatusOK), body: body}
}

func (rt *Route) failure(err error, env catalog.Env) answer {
	status, body := ErrorAnswer(err, env, rt.words)
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
