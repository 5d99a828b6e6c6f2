package dashboard

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// What holds for every page, of every story.
const (
	MaxBytes    = 100_000 // of HTML
	MaxRequests = 3       // to the database, of a page in a warm function
	policy      = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// check holds a page to the rules of all pages.
func (p *Page) check(method string) {
	p.Helper()
	for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cache-Control": "no-store", "Content-Type": "text/html; charset=utf-8"} {
		if got := p.Header.Get(name); got != want {
			p.Errorf("%s %s: %s is %q", method, p.Path, name, got)
		}
	}
	if p.Bytes > MaxBytes {
		p.Errorf("%s %s: %d bytes of HTML", method, p.Path, p.Bytes)
	}
	if h1 := all(p.Root, tag("h1")); len(h1) != 1 || p.textOf(tag("title")) != text(h1[0])+" · Windfall" {
		p.Errorf("%s %s: the title is %q, and there are %d h1", method, p.Path, p.textOf(tag("title")), len(h1))
	}
	if attr(first(p.Root, tag("html")), "lang") == "" {
		p.Errorf("%s %s: the page has no language", method, p.Path)
	}
	p.checkNothingInline(method)
	p.checkNames(method)
	p.checkForms(method)
}

func (p *Page) checkNothingInline(method string) {
	p.Helper()
	for _, n := range all(p.Root, func(*html.Node) bool { return true }) {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:") {
				p.Errorf("%s %s: <%s %s=%q> in the page", method, p.Path, n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "style" || n.Data == "script" && (attr(n, "src") == "" || text(n) != "") {
			p.Errorf("%s %s: <%s> in the page", method, p.Path, n.Data)
		}
	}
}

// checkNames holds that whatever is used has a name, once, and each id is one element's.
func (p *Page) checkNames(method string) {
	p.Helper()
	ids := map[string]int{}
	for _, n := range all(p.Root, func(*html.Node) bool { return true }) {
		if id := attr(n, "id"); id != "" {
			if ids[id]++; ids[id] == 2 {
				p.Errorf("%s %s: two elements have the id %q", method, p.Path, id)
			}
		}
		for _, by := range []string{"aria-labelledby", "aria-describedby", "for"} {
			for id := range strings.FieldsSeq(attr(n, by)) {
				if p.byID(id) == nil && id != "dialog-title" {
					p.Errorf("%s %s: <%s %s> refers to %q, which is not there", method, p.Path, n.Data, by, id)
				}
			}
		}
		named := slices.Contains([]string{"button", "a", "select", "textarea", "table", "fieldset", "section", "nav", "meter", "progress"}, n.Data) ||
			n.Data == "input" && attr(n, "type") != "hidden"
		if named && p.nameOf(n) == "" {
			p.Errorf("%s %s: a <%s> has no name: %s", method, p.Path, n.Data, attr(n, "id"))
		}
		if name := p.nameOf(n); named && strings.ContainsAny(name, "*") && (n.Data == "input" || n.Data == "select") {
			p.Errorf("%s %s: the label %q has a star", method, p.Path, name)
		}
	}
}

// checkForms holds that every form that is posted carries the session's token and environment.
func (p *Page) checkForms(method string) {
	p.Helper()
	for _, n := range all(p.Root, tag("form")) {
		if !strings.EqualFold(attr(n, "method"), http.MethodPost) {
			continue
		}
		for _, name := range []string{"csrf", "opened_in"} {
			field := first(n, func(c *html.Node) bool { return c.Data == "input" && attr(c, "name") == name })
			if open := p.Cookies["__Host-windfall"] == ""; field == nil || attr(field, "value") == "" && !open {
				p.Errorf("%s %s: the form %q has no %s", method, p.Path, p.nameOf(n), name)
			}
		}
	}
}
