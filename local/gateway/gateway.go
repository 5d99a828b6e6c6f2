package gateway

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"windfall/local/template"
)

// A Backend runs functions. Implementations are safe for concurrent use.
type Backend interface {
	// Invoke runs a function, named by its folder, with a JSON payload and
	// returns its JSON answer. The errors are ErrThrottled when no more
	// copies may run, ErrTimeout when it ran out of time, and a
	// *FunctionError when it failed.
	Invoke(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// Options of [New]; the zero value is ready to use.
type Options struct {
	// Now is the clock in events (requestContext.timeEpoch), which functions
	// decide by. Nil is the wall clock.
	Now func() time.Time
	// Patient lets functions take longer than their time-out. Where a clock
	// stands still, how fast the machine is must not decide what happens.
	Patient bool
	// Log gets one line per failed invocation. Nil discards them.
	Log *slog.Logger
}

// A Gateway serves the routes of a template. It is safe for concurrent use.
type Gateway struct {
	template  *template.Template
	routes    router
	backend   Backend
	now       func() time.Time
	patient   bool
	log       *slog.Logger
	requestID func() string // replaced by tests
}

// New returns a gateway for the routes and the CORS rules of t. It fails when
// two functions claim one route.
func New(t *template.Template, b Backend, o Options) (*Gateway, error) {
	routes, err := newRouter(t.Functions)
	if err != nil {
		return nil, err
	}
	g := &Gateway{template: t, routes: routes, backend: b, now: o.Now, patient: o.Patient, log: o.Log, requestID: newRequestID}
	if g.now == nil {
		g.now = time.Now
	}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	return g, nil
}

// ServeHTTP answers one request as API Gateway would.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	cors := g.template.CORS
	if preflight(cors, w, r) {
		return
	}
	id := g.requestID()
	w.Header().Set("Apigw-Requestid", id)
	allowOrigin(cors, w, r)

	if headerBytes(r) > maxHeaderBytes {
		refuse(w, errHeadersTooLarge)
		return
	}
	var body bytes.Buffer
	body.Grow(int(min(max(0, r.ContentLength), maxBodyBytes)) + bytes.MinRead) // read without moving it
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBodyBytes)); err != nil {
		refuse(w, errBodyTooLarge)
		return
	}
	path, err := decodePath(r.URL.EscapedPath())
	if err != nil {
		refuse(w, errBadPath)
		return
	}
	found, ok := g.routes.match(r.Method, path)
	if !ok {
		refuse(w, errNoRoute)
		return
	}
	e := newEvent(r, body.Bytes(), path, found, id, g.now())
	if g.direct(w, r, found.function, e) {
		return
	}
	answer, err := g.invoke(r.Context(), found.function, e.encode())
	if err != nil {
		refuse(w, err)
		return
	}
	if err := writeAnswer(w, answer, len(cors.AllowOrigins) > 0); err != nil {
		g.log.Error("unusable answer", "function", found.function, "err", err)
		refuse(w, &FunctionError{})
	}
}

// invoke runs a function within its time-out and Lambda's size limits. A
// caller who hangs up does not stop it, as on AWS.
func (g *Gateway) invoke(ctx context.Context, function string, payload []byte) ([]byte, error) {
	if len(payload) > maxLambdaRequest {
		return nil, errBodyTooLarge
	}
	ctx, cancel := g.within(ctx, function)
	defer cancel()
	answer, err := g.backend.Invoke(ctx, function, payload)
	if err == nil && len(answer) > maxLambdaResponse {
		err = errAnswerTooLarge
	}
	g.tell(function, err)
	return answer, err
}

// within is the context of an invocation.
func (g *Gateway) within(ctx context.Context, function string) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if f, ok := g.template.Function(function); ok && f.Timeout > 0 && !g.patient {
		return context.WithTimeout(ctx, f.Timeout)
	}
	return ctx, func() {}
}

func (g *Gateway) tell(function string, err error) {
	if err != nil && !errors.Is(err, ErrThrottled) {
		g.log.Error("invocation failed", "function", function, "err", err)
	}
}
