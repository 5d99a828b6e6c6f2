package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/refusal"
)

// Refuse is a refusal with a sentence of the dashboard's own; the status is one of 4xx.
func Refuse(status int, format string, args ...any) error {
	return &api.Refusal{Status: status, Code: "dashboard", Message: fmt.Sprintf(format, args...)}
}

// Invalid refuses what was typed.
func Invalid(format string, args ...any) error {
	return Refuse(http.StatusUnprocessableEntity, format, args...)
}

// NotFound is the page for what is not there, with a way back.
func NotFound(back ui.Link, format string, args ...any) error {
	return &wayBack{Refuse(http.StatusNotFound, format, args...), back}
}

// WithLink refuses with a link to where one can go on.
func WithLink(err error, link ui.Link) error { return &wayBack{err, link} }

// On says which field of the form an error is about, by its name. It says which item of a list it is, too.
func On(field string, err error) error {
	if err == nil {
		return nil
	}
	if no, is := err.(*refusal.Error); is && (no.Item > 0 || no.At != "") { //nolint:errorlint // not one that is wrapped: what wraps it stays
		plain := *no
		plain.Item, plain.At, err = 0, "", &plain
	}
	return &onField{err, field}
}

// Page is the error of a page of a list, in words for people: a cursor that was not given for the list, or not by this
// release, leads to its first page.
func (r *Request) Page(err error) error {
	var no *refusal.Error
	if !errors.As(err, &no) || no.Reason != app.ReasonCursorOfAnotherList && no.Reason != app.ReasonCursorOfAnotherHistory {
		return err
	}
	q := r.URL.Query()
	for _, name := range []string{"cursor", "after", "back"} {
		q.Del(name)
	}
	first := strings.TrimSuffix(r.URL.EscapedPath()+"?"+q.Encode(), "?")
	return WithLink(Refuse(http.StatusBadRequest, "This page of the list is not there any more."), ui.Link{Text: "First page", Href: first})
}

type wayBack struct {
	error
	link ui.Link
}

func (e *wayBack) Unwrap() error { return e.error }

type onField struct {
	error
	field string
}

func (e *onField) Unwrap() error { return e.error }

// told is an error as people see it.
func told(err error) (status int, alert ui.Alert, field string) {
	status, body := api.ErrorAnswer(err, "", words.Of)
	alert.Text = body.Message
	var back *wayBack
	if errors.As(err, &back) {
		alert.Link = back.link
	}
	var on *onField
	if errors.As(err, &on) {
		field = on.field
	}
	return status, alert, field
}

// titles are the h1 of pages that refuse.
var titles = map[int]string{
	http.StatusNotFound: "Not found", http.StatusForbidden: "Not allowed", http.StatusMethodNotAllowed: "Not found",
	http.StatusConflict: "Nothing was done", http.StatusTooManyRequests: "Too many attempts", http.StatusServiceUnavailable: "Try again",
	http.StatusInternalServerError: "Something went wrong",
}
