package gateway

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"windfall/local/template"
)

// A target is where a request goes.
type target struct {
	function string            // folder
	routeKey string            // "POST /v1/attach" or "$default"
	params   map[string]string // path parameters, decoded; nil when none
}

// A pattern is one route, split into its segments.
type pattern struct {
	method   string // upper case, or ANY
	segments []string
	function string
	key      string
}

// A router finds the function of a request, by the rules of HTTP APIs: a
// literal segment beats {name}, which beats {name+} (the rest of the path, at
// least one segment); a named method beats ANY; $default takes what is left.
type router struct {
	patterns []pattern // the most specific first
	fallback string    // function of $default; empty when there is none
}

func newRouter(functions []template.Function) (router, error) {
	var r router
	owner := map[string]string{}
	for _, f := range functions {
		for _, route := range f.Routes {
			key := route.String()
			if other, taken := owner[key]; taken {
				return router{}, fmt.Errorf("route %q belongs to two functions: %s and %s", key, other, f.Folder)
			}
			owner[key] = f.Folder
			if route == template.DefaultRoute {
				r.fallback = f.Folder
				continue
			}
			r.patterns = append(r.patterns, pattern{
				method: route.Method, segments: split(route.Path), function: f.Folder, key: key,
			})
		}
	}
	slices.SortStableFunc(r.patterns, moreSpecific)
	return r, nil
}

// match finds the route of a decoded path. ok is false when no route takes it
// and there is no $default.
func (r router) match(method, path string) (found target, ok bool) {
	segments := split(path)
	for _, p := range r.patterns {
		if p.method != method && p.method != "ANY" {
			continue
		}
		if params, ok := p.match(segments); ok {
			return target{p.function, p.key, params}, true
		}
	}
	return target{function: r.fallback, routeKey: template.DefaultRoute.Path}, r.fallback != ""
}

func (p pattern) match(segments []string) (map[string]string, bool) {
	var params map[string]string
	for i, want := range p.segments {
		if i >= len(segments) {
			return nil, false
		}
		value := segments[i]
		if isGreedy(want) {
			value = strings.Join(segments[i:], "/")
		}
		switch name, isParam := paramName(want); {
		case !isParam && want != value:
			return nil, false
		case isParam && value == "":
			return nil, false
		case isParam:
			if params == nil {
				params = map[string]string{}
			}
			params[name] = value
		}
		if isGreedy(want) {
			return params, true
		}
	}
	return params, len(segments) == len(p.segments)
}

// moreSpecific orders patterns segment by segment: literal, {name}, {name+}; then
// the shorter one, so that the order is one of all patterns; then a named method
// before ANY.
func moreSpecific(a, b pattern) int {
	for i := range min(len(a.segments), len(b.segments)) {
		if c := cmp.Compare(vagueness(a.segments[i]), vagueness(b.segments[i])); c != 0 {
			return c
		}
	}
	if c := cmp.Compare(len(a.segments), len(b.segments)); c != 0 {
		return c
	}
	if (a.method == "ANY") != (b.method == "ANY") {
		if a.method == "ANY" {
			return 1
		}
		return -1
	}
	return 0
}

func vagueness(segment string) int {
	_, isParam := paramName(segment)
	switch {
	case isGreedy(segment):
		return 2
	case isParam:
		return 1
	}
	return 0
}

func paramName(segment string) (name string, ok bool) {
	if !strings.HasPrefix(segment, "{") || !strings.HasSuffix(segment, "}") {
		return "", false
	}
	return strings.TrimSuffix(segment[1:len(segment)-1], "+"), true
}

func isGreedy(segment string) bool { return strings.HasSuffix(segment, "+}") }

func split(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }
