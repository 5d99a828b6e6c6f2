package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"windfall/shared/app"
)

// An Access says who may ask.
type Access int

const (
	Viewing Access = iota // whoever is signed in
	Editing               // an editor: what may change something
	Open                  // anybody: sign-in
)

// A Handle answers a request. An error that is a refusal becomes a page with its sentence; any other
// is logged, and shown as a fault of ours with the request's id.
type Handle func(ctx context.Context, r *Request) (Answer, error)

// A Route is one method and path: "GET /dashboard/customers/{id}". A part in braces takes any text,
// which Request.Param returns as it was before it was escaped. A part as written goes before one in braces.
//
// A POST needs the token of the session, the environment in which its form was opened, and is done once
// however often it is sent, unless Repeats.
type Route struct {
	Pattern string
	Access  Access
	Serve   Handle
	Repeats bool // sending it twice does no harm: it changes nothing, or sees to that by itself
	Apart   bool // it touches no environment: its form is good in each
}

// find returns the route of a request and the values of its names; otherMethod tells of a path that has
// routes of other methods alone.
func find(routes []Route, r *http.Request) (rt *Route, params map[string]string, otherMethod bool) {
	sent := strings.Split(r.URL.EscapedPath(), "/")
	best := -1
	for i := range routes {
		method, form, _ := strings.Cut(routes[i].Pattern, " ")
		values, literal, fits := fit(strings.Split(form, "/"), sent)
		switch {
		case !fits:
		case method != r.Method && (method != http.MethodGet || r.Method != http.MethodHead):
			otherMethod = true
		case literal > best:
			rt, params, best = &routes[i], values, literal
		}
	}
	return rt, params, otherMethod
}

// fit compares the parts of a path with those of a pattern. literal counts the parts that are as written.
func fit(form, sent []string) (values map[string]string, literal int, fits bool) {
	if len(form) != len(sent) {
		return nil, 0, false
	}
	for i, part := range form {
		value, err := url.PathUnescape(sent[i])
		name, named := strings.CutPrefix(part, "{")
		switch {
		case err != nil || !named && value != part || named && value == "":
			return nil, 0, false
		case named:
			if values == nil {
				values = map[string]string{}
			}
			values[strings.TrimSuffix(name, "}")] = value
		default:
			literal++
		}
	}
	return values, literal, true
}

// Caller is who a command is for: the environment of the session, its user as the actor, the time of
// the request, and its key, by which it is done once.
func (r *Request) Caller() app.Caller {
	return app.Caller{Env: r.Session.Env, Actor: "dashboard:" + r.Session.User, Now: r.Now, Asked: r.asked, RequestKey: r.Key}
}
