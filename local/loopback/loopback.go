// Package loopback keeps pages of other sites away from addresses that need no
// key, and from the API with a key that everybody knows. Listening on 127.0.0.1 is not enough: a page in the browser of the same
// machine can send requests there, and a name such as evil.example can be made
// to point at it, so that its page reads the answers too.
package loopback

import (
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// A Refusal is why a request is not served.
type Refusal struct {
	Code    string // foreign_host or foreign_origin
	Message string
}

// IsName reports whether a host, without its port, can only be this machine.
func IsName(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Check refuses a request to the server at the base address, such as
// http://127.0.0.1:8787, that another site may have caused; nil lets it pass.
// Programs send neither Origin nor Sec-Fetch-Site and need only the right Host.
// If page is true, a link on another site may lead here.
func Check(r *http.Request, base string, page bool) *Refusal {
	port := portOf(base)
	if !isOurs(r.Host, port) {
		return &Refusal{"foreign_host", fmt.Sprintf("%q is not this machine. Call %s, or localhost in place of the number.", r.Host, base)}
	}
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch {
	case len(r.Header.Values("Origin")) > 1 || len(r.Header.Values("Sec-Fetch-Site")) > 1:
	case origin != "" && !isOurPage(origin, port) && (origin != "null" || site != "same-origin"):
	case site == "" || site == "same-origin" || site == "none" || page && followsLink(r):
		return nil
	}
	return &Refusal{"foreign_origin", fmt.Sprintf("A page of another site may not call this address. Call it from a program, or from a page of %s.", base)}
}

// CheckAPI refuses a request to the API at the base address that reached it
// under a foreign name, whatever its key, and one with a secret key from a page
// that is not of this machine. A page of an application under development may be
// at any port here, and its server may pass on a Host of its own.
func CheckAPI(r *http.Request, base string, secret bool) *Refusal {
	if host := (&url.URL{Host: r.Host}).Hostname(); !IsName(host) {
		return &Refusal{"foreign_host", fmt.Sprintf("%q is not this machine. Call %s, or localhost in place of the number.", r.Host, base)}
	}
	for _, origin := range r.Header.Values("Origin") {
		if secret && !isPageHere(origin) {
			return &Refusal{"foreign_origin", fmt.Sprintf("A page of another site (%.100q) may not use a secret key here. Call from a server or from a page of localhost, or use a publishable key.", origin)}
		}
	}
	return nil
}

func isPageHere(origin string) bool {
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Path == "" && u.User == nil && IsName(u.Hostname())
}

// followsLink: the browser shows the answer to its user, and the other site
// can't read it.
func followsLink(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func isOurPage(origin, port string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Path == "" && u.User == nil && isOurs(u.Host, port)
}

func isOurs(host, port string) bool {
	name, given, err := net.SplitHostPort(host)
	if err != nil {
		name, given = strings.Trim(host, "[]"), "80"
	}
	return IsName(name) && given == port
}

func portOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Port() == "" {
		return "80"
	}
	return u.Port()
}

// IsJSON reports whether the Content-Type is JSON, which a form of another site
// can't send.
func IsJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasPrefix(kind, "application/x-amz-json-"))
}
