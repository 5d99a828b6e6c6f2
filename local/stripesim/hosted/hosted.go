package hosted

import (
	"errors"
	"net/http"
	"strings"

	"windfall/local/stripesim/pages"
)

// Server serves the pages of one account.
type Server struct {
	account Account
	shop    string
	home    string
	cards   []pages.Card
}

// Options are the same for all pages.
type Options struct {
	Shop  string       // the seller's name
	Home  string       // what the pages call the start page, "" for none
	Cards []pages.Card // the test cards that the pages offer
}

// New makes the pages of an account.
func New(a Account, o Options) *Server {
	return &Server{account: a, shop: o.Shop, home: o.Home, cards: o.Cards}
}

// Answer is a computed HTTP response.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// ErrNoPage: the address has no page, and was not opened by a person.
var ErrNoPage = errors.New("no page")

// Serve answers one request. An error is ErrNoPage, or says why a form cannot
// be read.
func (s *Server) Serve(r *http.Request) (Answer, error) {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/pay/"):
		return s.payPages(r)
	case strings.HasPrefix(path, "/portal/"):
		return s.portalPages(r)
	case strings.HasPrefix(path, "/invoice/"):
		return s.invoicePages(r)
	}
	return Answer{}, ErrNoPage
}

// frame is what every page of this account has.
func (s *Server) frame(title string) pages.Frame {
	return pages.Frame{Title: title, Shop: s.shop, Home: s.home}
}

func htmlAnswer(status int, body []byte) Answer {
	return Answer{Status: status, Body: body, Header: http.Header{
		"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"}, "Referrer-Policy": {"no-referrer"},
		"Content-Security-Policy": {pages.Policy}, "X-Content-Type-Options": {"nosniff"},
	}}
}

func (s *Server) page404() Answer {
	return htmlAnswer(http.StatusNotFound, pages.Render(pages.Missing{Frame: s.frame("Not found")}))
}

// noPage answers an address under the pages that has none: a person gets a page,
// a program Stripe's error.
func (s *Server) noPage(r *http.Request) (Answer, error) {
	if r.Method == http.MethodGet {
		return s.page404(), nil
	}
	return Answer{}, ErrNoPage
}
