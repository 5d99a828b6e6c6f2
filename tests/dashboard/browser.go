// Package dashboard gives tests a browser without JavaScript: it keeps cookies, follows links and redirects,
// fills forms by their labels, and checks each page that it gets (check.go).
//
//	b := dashboard.Open(t, w)                         // signed in as on every local stack: local, an editor
//	p := b.Get("/dashboard/customers/new")
//	p = p.Form("New customer").Fill("Name", "Ada").Press("Create Customer")
//	p.Said("Customer created.")
//
// Everything is found by its accessible name: a test reads as a person would.
package dashboard

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Server is a stack, or what stands before one.
type Server interface {
	ServeHTTP(http.ResponseWriter, *http.Request)
}

// A Browser is one browser, with its cookies.
type Browser struct {
	*testing.T
	Base    string // "http://127.0.0.1:8787"
	Server  Server
	Cookies map[string]string
	From    string                // the address it comes from; "" is this machine
	Change  func(r *http.Request) // edits each request before it is sent; nil for none
}

// Open opens a browser at a base address.
func Open(t *testing.T, base string, s Server) *Browser {
	return &Browser{T: t, Base: base, Server: s, Cookies: map[string]string{}}
}

// Get opens a page, which must be there.
func (b *Browser) Get(path string) *Page {
	b.Helper()
	p := b.Try(path)
	if p.Status != http.StatusOK {
		b.Fatalf("GET %s: %d %s", path, p.Status, p.Words())
	}
	return p
}

// Try opens a page, whatever its status.
func (b *Browser) Try(path string) *Page {
	b.Helper()
	return b.send(http.MethodGet, path, nil)
}

// Post sends a form as it is given, with nothing of a page.
func (b *Browser) Post(path string, form url.Values) *Page {
	b.Helper()
	return b.send(http.MethodPost, path, form)
}

// most is how many redirects are followed.
const most = 5

func (b *Browser) send(method, path string, form url.Values) *Page {
	b.Helper()
	for range most {
		a := b.Raw(method, path, form)
		if a.Code != http.StatusSeeOther {
			return b.page(method, path, a)
		}
		to, err := url.Parse(a.Header().Get("Location"))
		if err != nil || to.Host != "" && "http://"+to.Host != b.Base {
			b.Fatalf("%s %s leads to %q", method, path, a.Header().Get("Location"))
		}
		method, path, form = http.MethodGet, to.RequestURI(), nil
	}
	b.Fatalf("%s %s: more than %d redirects", method, path, most)
	return nil
}

// Raw sends one request and follows nothing. The answer is not compressed.
func (b *Browser) Raw(method, path string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(b.Context(), method, b.Base+path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", b.Base)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r.RemoteAddr = "127.0.0.1:40000"
	if b.From != "" {
		r.RemoteAddr = net.JoinHostPort(b.From, "40000")
	}
	for name, value := range b.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	if b.Change != nil {
		b.Change(r)
	}
	for _, c := range change {
		c(r)
	}
	a := httptest.NewRecorder()
	b.Server.ServeHTTP(a, r)
	for _, c := range a.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.Cookies, c.Name)
		} else {
			b.Cookies[c.Name] = c.Value
		}
	}
	return a
}

// A Page is an answer, as HTML.
type Page struct {
	*Browser
	Path     string // where it is, after redirects
	Status   int
	Header   http.Header
	Bytes    int
	Requests int // to the database, as Server-Timing says
	Root     *html.Node
}

func (b *Browser) page(method, path string, a *httptest.ResponseRecorder) *Page {
	b.Helper()
	p := &Page{Browser: b, Path: path, Status: a.Code, Header: a.Header(), Bytes: a.Body.Len()}
	var err error
	if p.Root, err = html.Parse(strings.NewReader(a.Body.String())); err != nil {
		b.Fatalf("%s %s: %v", method, path, err)
	}
	timing := a.Header().Get("Server-Timing")
	_, desc, _ := strings.Cut(timing, `dynamodb;desc="`)
	if p.Requests, err = strconv.Atoi(strings.TrimSuffix(desc, `"`)); err != nil {
		b.Errorf("%s %s: Server-Timing is %q", method, path, timing)
	}
	p.check(method)
	return p
}
