package stripesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

// Version is the only API version spoken here.
const Version = "2023-10-16"

// call is one API request on its way through a handler.
type call struct {
	*tx
	p   *form.Params
	id  string // {id} of the path
	sub string // {sub} of the path
	url string
}

// api answers one request under /v1/.
func (s *Sim) api(r *http.Request) answer {
	fault := s.gate.pass(r.Method, r.URL.Path)
	switch fault {
	case RefuseBefore:
		return answer{lost: true}
	case Status500, Status429:
		return s.stamp(errorAnswer(faultError(fault)), r)
	default: // the request is applied, and LoseAnswer keeps the answer back below
	}
	a := s.checked(r)
	a.lost = fault == LoseAnswer
	return s.stamp(a, r)
}

// checked refuses what needs no handler, and runs the others.
func (s *Sim) checked(r *http.Request) answer {
	if err := s.authenticate(r); err != nil {
		return errorAnswer(err)
	}
	if v := r.Header.Get("Stripe-Version"); v != "" && v != Version {
		return errorAnswer(invalid("", "Invalid Stripe API version: %s. This simulator speaks %s only.", v, Version))
	}
	h, pattern := routes.Handler(r)
	route, ok := h.(*route)
	if !ok || pattern == "" {
		return errorAnswer(unknownURL(r))
	}
	values, err := form.Read(r)
	if err != nil {
		return errorAnswer(asAPIError(err))
	}
	params, err := form.Decode(route.schema, values)
	if err != nil {
		return errorAnswer(unsupported(asAPIError(err)))
	}
	c := &call{p: params, id: segment(pattern, r.URL.Path, "{id}"), sub: segment(pattern, r.URL.Path, "{sub}"), url: r.URL.Path}
	if key := r.Header.Get("Idempotency-Key"); key != "" && r.Method == http.MethodPost {
		return s.once(key, r.Method+" "+r.URL.Path+"?"+values.Encode(), func(r *remembered) answer { return s.run(route, c, r) })
	}
	return s.run(route, c, nil)
}

// run executes a handler under the lock and commits what it did, with its answer
// when that is to be repeated.
func (s *Sim) run(route *route, c *call, repeat *remembered) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.tx = s.begin()
	c.request = object.EventRequest{ID: object.Text(s.requestID())}
	if repeat != nil {
		c.request.IdempotencyKey = object.Text(repeat.Name)
	}
	result, err := route.handle(c)
	if err != nil {
		refused := asAPIError(err)
		if !refused.keep {
			c.tx = s.begin() // what it did is undone; only the answer may be kept
		}
		return s.commit(c.tx, repeat, errorAnswer(refused))
	}
	body, err := c.render(result, c.p.Strings("expand"))
	if err != nil {
		return errorAnswer(asAPIError(err))
	}
	return s.commit(c.tx, repeat, jsonAnswer(http.StatusOK, body))
}

// commit keeps a change and gives the answer that tells of it. What cannot be
// written has not happened.
func (s *Sim) commit(t *tx, repeat *remembered, a answer) answer {
	t.remember(repeat, a)
	if err := t.commit(); err != nil {
		s.log.Error("a request to Stripe was refused", "cause", err)
		return errorAnswer(newError(http.StatusInternalServerError, "api_error", "", "", err.Error()))
	}
	return a
}

func (s *Sim) authenticate(r *http.Request) *apiError {
	key, _, ok := r.BasicAuth()
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		key, ok = bearer, true
	}
	if !ok || key == "" {
		return newError(http.StatusUnauthorized, "invalid_request_error", "", "",
			"You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').")
	}
	if key != s.key {
		return newError(http.StatusUnauthorized, "invalid_request_error", "", "", "Invalid API Key provided: "+redact(key))
	}
	return nil
}

// redact shows the ends of a key, as Stripe does.
func redact(key string) string {
	if len(key) <= 12 {
		return strings.Repeat("*", len(key))
	}
	return key[:8] + strings.Repeat("*", len(key)-12) + key[len(key)-4:]
}

func asAPIError(err error) *apiError {
	var api *apiError
	if errors.As(err, &api) {
		return api
	}
	var bad *form.Error
	if errors.As(err, &bad) {
		return invalidCode(bad.Code, bad.Param, "%s", bad.Message)
	}
	return newError(http.StatusInternalServerError, "api_error", "", "", err.Error())
}

func errorAnswer(e *apiError) answer {
	body, _ := object.Encode(map[string]any{"error": e.body})
	return jsonAnswer(e.status, body)
}

func jsonAnswer(status int, body []byte) answer {
	return answer{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: body}
}

// indented is the body as api.stripe.com writes it. Within this process that would
// only be more to read.
func (a answer) indented() []byte {
	var out bytes.Buffer
	if json.Indent(&out, a.body, "", "  ") != nil {
		return a.body
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// stamp adds the headers every answer of Stripe has.
func (s *Sim) stamp(a answer, r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.header == nil {
		a.header = http.Header{}
	}
	if a.header.Get("Request-Id") == "" {
		a.header.Set("Request-Id", s.requestID())
		s.store.Requests++
	}
	a.header.Set("Stripe-Version", Version)
	if k := r.Header.Get("Idempotency-Key"); k != "" {
		a.header.Set("Idempotency-Key", k)
	}
	return a
}

// requestID needs Sim.mu.
func (s *Sim) requestID() string { return "req_" + word(s.seed, "req_", s.store.Requests+1, 14) }
