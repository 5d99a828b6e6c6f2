package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
)

// Options of a site.
type Options struct {
	Clock bool // the navigation leads to the clock of the local stack, too
}

// A Site is all pages. It is an http.Handler whose requests come with a Call.
type Site struct {
	app         *app.App
	accounts    app.Accounts
	options     Options
	routes      []Route
	crossOrigin *http.CrossOriginProtection
	keys        keys
	sessions    sessions
}

// New makes a site without pages.
func New(a *app.App, o Options) *Site {
	s := &Site{app: a, options: o, crossOrigin: http.NewCrossOriginProtection()}
	s.accounts, _ = a.Store.(app.Accounts)
	return s
}

// Add adds pages, before the first request.
func (s *Site) Add(routes ...[]Route) {
	for _, list := range routes {
		s.routes = append(s.routes, list...)
	}
}

// Routes lists the pages.
func (s *Site) Routes() []Route { return s.routes }

// Has reports whether a page of the site is at the address of a request.
func (s *Site) Has(r *http.Request) bool {
	rt, _, otherMethod := find(s.routes, r)
	return rt != nil || otherMethod
}

// Accounts are the users and sessions of the dashboard.
func (s *Site) Accounts() app.Accounts { return s.accounts }

// Connected reports whether an environment can be chosen: it has a Stripe key. Where that cannot be read now,
// it is as if it had one: its pages say what fails.
func (s *Site) Connected(ctx context.Context, env catalog.Env) bool {
	known, is := s.app.Payments.(interface {
		Connected(context.Context, catalog.Env) (bool, error)
	})
	if !is {
		return false
	}
	connected, err := known.Connected(ctx, env)
	return connected || err != nil
}

// policy lets a page load and call this site alone, with no script or style in the page itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call, _ := r.Context().Value(callKey{}).(Call)
	var meter app.Meter
	ctx := app.WithMeter(r.Context(), &meter)
	req := &Request{Request: r.WithContext(ctx), ID: call.ID, Now: call.Now, asked: call.Now, From: call.From, site: s}
	if s.asset(w, r) {
		return
	}
	a, rt, err := s.answer(ctx, req)
	if err != nil {
		err = req.Page(err)
		a = s.refused(req, err)
	}
	body := s.write(ctx, w, req, &a)
	w.Header().Set("Server-Timing", `dynamodb;desc="`+strconv.FormatInt(meter.DynamoRequests.Load(), 10)+`"`)
	s.log(ctx, req, rt, a.status, err, &meter)
	send(w, r, a.status, body)
}

// answer finds out who asks for what, and lets the page answer.
func (s *Site) answer(ctx context.Context, r *Request) (a Answer, pattern string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	rt, params, otherMethod := find(s.routes, r.Request)
	if path := strings.TrimRight(r.URL.EscapedPath(), "/"); rt == nil && path != r.URL.EscapedPath() && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return Go(strings.TrimSuffix(path+"?"+r.URL.RawQuery, "?")), pattern, nil
	}
	if rt != nil {
		pattern, r.params = rt.Pattern, params
	}
	if err := s.loadKey(ctx); err != nil {
		return a, pattern, err
	}
	session, found, err := s.session(ctx, r.Request, r.Now)
	if err != nil {
		return a, pattern, err
	}
	if found {
		r.Session, r.csrf = session, s.mac("csrf", session.Hash)
	}
	if err := r.readForm(); err != nil {
		return a, pattern, err
	}
	switch {
	case !found && (rt == nil || rt.Access != Open):
		a, err = s.signIn(r)
		return a, pattern, err
	case rt == nil && otherMethod:
		return a, pattern, Refuse(http.StatusMethodNotAllowed, "This page takes no %s.", r.Method)
	case rt == nil:
		return a, pattern, NotFound(ui.Link{Text: "Back to Overview", Href: ui.Root}, "There is no page at this address.")
	}
	if err := s.guard(r, rt); err != nil {
		return a, pattern, err
	}
	if r.Method != http.MethodPost || rt.Repeats || rt.Access == Open {
		a, err = rt.Serve(ctx, r)
		return a, pattern, err
	}
	r.Key = requestKey(r)
	a, err = s.once(ctx, r, r.Now, func() (Answer, error) { return rt.Serve(ctx, r) })
	return a, pattern, err
}

// signIn leads somebody who is not signed in to where one does.
func (s *Site) signIn(r *Request) (Answer, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return Answer{}, WithLink(errForm, ui.Link{Text: "Sign in", Href: ui.Path("login")})
	}
	back := r.Here()
	if back == ui.Root {
		back = ""
	}
	return Go(ui.With(ui.Path("login"), "back", back)), nil
}

// refused is the page of an error.
func (s *Site) refused(r *Request, err error) Answer {
	status, alert, _ := told(err)
	title := titles[status]
	if title == "" {
		title = "Nothing was done"
	}
	if status >= http.StatusInternalServerError {
		alert.Text += " The request has the id " + r.ID + "."
	}
	return Answer{status: status, page: &ui.Page{Title: title, Alert: alert, Narrow: true}}
}

// write sets the headers of an answer and returns its body.
func (s *Site) write(ctx context.Context, w http.ResponseWriter, r *Request, a *Answer) []byte {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	if a.header[0] != "" {
		h.Set(a.header[0], a.header[1])
	}
	if _, err := r.Cookie(sessionCookie); err == nil && r.Session.Hash == "" && a.cookie == nil {
		a.cookie = gone(sessionCookie) // its session has ended
	}
	if a.cookie != nil {
		http.SetCookie(w, a.cookie)
	}
	ctx = ui.WithTokens(ctx, s.tokens(r))
	var out bytes.Buffer
	switch {
	case a.to != "":
		s.say(w, r, a.said)
		if r.partial() { // the script goes there with the whole page
			h.Set("HX-Redirect", a.to)
			a.status = http.StatusOK
			return nil
		}
		h.Set("Location", a.to)
		return nil
	case a.file != nil:
		h.Set("Content-Type", a.file.kind)
		if a.file.name != "" {
			h.Set("Content-Disposition", `attachment; filename="`+a.file.name+`"`)
		}
		return a.file.body
	case a.part != nil:
		if err := a.part.Render(ctx, &out); err != nil {
			panic(err) // into memory
		}
	default:
		status := a.said
		if status == "" {
			status = s.heard(w, r)
		}
		f := s.frame(r, *a.page, status)
		if err := ui.Document(f).Render(ctx, &out); err != nil {
			panic(err)
		}
	}
	return out.Bytes()
}

// say keeps what was done for the next page, signed: no link can put words there.
func (s *Site) say(w http.ResponseWriter, r *Request, said string) {
	if said != "" {
		text := base64.RawURLEncoding.EncodeToString([]byte(said))
		http.SetCookie(w, hostCookie(saidCookie, text+"."+s.mac("said", r.Session.Hash, text), time.Minute))
	}
}

// heard is what was kept, once.
func (s *Site) heard(w http.ResponseWriter, r *Request) string {
	c, err := r.Cookie(saidCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, gone(saidCookie))
	text, mac, _ := strings.Cut(c.Value, ".")
	said, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !equal(mac, s.mac("said", r.Session.Hash, text)) {
		return ""
	}
	return string(said)
}

// frame puts a page into the frame.
func (s *Site) frame(r *Request, p ui.Page, status string) ui.Frame {
	f := ui.Frame{Page: p, User: r.Session.User, Viewer: !r.Editor(), Here: r.Here(), Status: status, RequestID: r.ID}
	if f.User == "" {
		return f
	}
	f.Env = Environment(r.Session.Env)
	for _, env := range []catalog.Env{catalog.Sandbox, catalog.Live} {
		choice := ui.EnvChoice{Name: Environment(env), Value: string(env), Current: env == r.Session.Env}
		if !choice.Current && !s.Connected(r.Context(), env) {
			choice.Why = "No Stripe key for " + strings.ToLower(choice.Name) + "."
		}
		f.Envs = append(f.Envs, choice)
	}
	for _, l := range Nav {
		l.Current = l.Text == p.Nav
		f.Nav = append(f.Nav, l)
	}
	if s.options.Clock {
		f.Nav = append(f.Nav, ui.Link{Text: "Clock", Href: ui.Path("clock"), Current: p.Nav == "Clock"})
	}
	return f
}

// Nav is the navigation Main.
var Nav = []ui.Link{
	{Text: "Overview", Href: ui.Root}, {Text: "Customers", Href: ui.Path("customers")}, {Text: "Products", Href: ui.Path("products")},
	{Text: "Codes", Href: ui.Path("codes")}, {Text: "Redemptions", Href: ui.With(ui.Path("redemptions"), "status", "held")},
	{Text: "Activity", Href: ui.Path("activity")}, {Text: "API keys", Href: ui.Path("keys")}, {Text: "Settings", Href: ui.Path("settings")},
}

// log writes the line of a request, with its metrics.
func (s *Site) log(ctx context.Context, r *Request, pattern string, status int, err error, m *app.Meter) {
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	api.LogRequest(ctx, s.app.Log, api.Logged{ID: r.ID, Route: pattern, Env: r.Session.Env, Who: "dashboard:" + r.Session.Hash[:min(8, len(r.Session.Hash))], Now: r.Now, Status: status, Err: err, Words: words.Of}, m)
}
