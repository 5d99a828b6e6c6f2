package web

import (
	"net/http"

	"github.com/a-h/templ"

	"windfall/shared/dashboard/ui"
)

// An Answer is what a Handle sends back: made by Show, Done, File or Part.
type Answer struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	status int
	page   *ui.Page
	part   templ.Component
	to     string // 303
	said   string // role status, on this page or on that which it leads to
	file   *file
	cookie *http.Cookie
	header [2]string // one more, for the script
}

type file struct {
	kind, name string
	body       []byte
}

// Show is a page.
func Show(p ui.Page) Answer { return Answer{status: http.StatusOK, page: &p} }

// ShowRefused is a page that says why it shows nothing of what was asked for. Faults are not shown like this.
func ShowRefused(p ui.Page, why error) (Answer, error) {
	a := Answer{page: &p}
	if a.status, p.Alert, _ = told(why); a.status >= http.StatusInternalServerError {
		return Answer{}, why
	}
	return a, nil
}

// ShowDone is a page that says what was done and is shown once: a key, a link. Sent again, the form is
// told that it was sent before.
func ShowDone(p ui.Page, said string) Answer {
	return Answer{status: http.StatusOK, page: &p, said: said}
}

// Done leads to a page, which says what was done: "Customer created."
func Done(to, said string) Answer { return Answer{status: http.StatusSeeOther, to: to, said: said} }

// Go leads to a page.
func Go(to string) Answer { return Done(to, "") }

// Download is a file for the browser to keep, or with no name for its script.
func Download(kind, name string, body []byte) Answer {
	return Answer{status: http.StatusOK, file: &file{kind, name, body}}
}

// Part is a piece of a page, for the script that asked for it.
func Part(c templ.Component) Answer { return Answer{status: http.StatusOK, part: c} }

// SignedIn leads to a page with the cookie of a session, which is new or has changed.
func SignedIn(to string, c *http.Cookie) Answer {
	a := Go(to)
	a.cookie = c
	return a
}

// SignedOut leads to a page without a session.
func SignedOut(to string) Answer { return SignedIn(to, gone(sessionCookie)) }

// WithHeader adds a header to an answer, for the script that asked.
func (a Answer) WithHeader(name, value string) Answer {
	a.header = [2]string{name, value}
	return a
}
