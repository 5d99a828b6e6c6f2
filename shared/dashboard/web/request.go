package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"windfall/shared/app"
)

// A Request is one request, of a person who is signed in unless its route is Open.
type Request struct {
	*http.Request
	ID      string    // as the gateway numbers it
	Now     time.Time // when it was made; of a confirmed preview, the moment of the preview
	From    string    // the address it came from
	Session app.UserSession
	Form    url.Values // what was posted
	Key     string     // names what is done, for commands that are done once; "" of a GET
	params  map[string]string
	csrf    string
	site    *Site
	asked   time.Time // when it was made, also of a confirmed preview
}

// Param is a part of the path, as the braces of the pattern name it.
func (r *Request) Param(name string) string { return r.params[name] }

// Query is a value of the address, "" without it.
func (r *Request) Query(name string) string { return r.URL.Query().Get(name) }

// Value is what was typed into a field, without spaces around it.
func (r *Request) Value(name string) string { return strings.TrimSpace(r.Form.Get(name)) }

// Checked reports whether a checkbox was on.
func (r *Request) Checked(name string) bool { return r.Form.Get(name) != "" }

// Editor reports whether who asks may change something.
func (r *Request) Editor() bool { return r.Session.Role == app.Editor }

// Here is the address of the request's page.
func (r *Request) Here() string { return r.URL.RequestURI() }

// Typing reports whether a search is asked while somebody types: it shows what it finds, and leads nowhere.
func (r *Request) Typing() bool { return r.partial() && r.Method == http.MethodGet }

// Base is the address of the site, as the browser knows it: https://pay.example.com.
func (r *Request) Base() string {
	scheme := r.Header.Get("X-Forwarded-Proto")
	if scheme != "http" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// partial reports whether the script of a page asks, for a part of it.
func (r *Request) partial() bool { return r.Header.Get("HX-Request") == "true" }

// A Call is what the gateway says of a request.
type Call struct {
	ID   string
	Now  time.Time
	From string
}

type callKey struct{}

// WithCall returns a context of a request that comes from no gateway.
func WithCall(ctx context.Context, c Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// EndSession ends a session: of this browser or another.
func (r *Request) EndSession(ctx context.Context, hash string) error { return r.site.End(ctx, hash) }
