package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"windfall/shared/dashboard/ui"
)

// A View is a page with a form.
type View struct {
	Page  ui.Page // without a body
	Form  ui.Form
	Above templ.Component // the form; nil is none
	Below templ.Component
}

// A FormPage is a form of one step: shown by GET, and saved by POST. What cannot be saved shows the form again,
// as it was typed, with the reason.
type FormPage struct {
	Path string // "/dashboard/customers/new"
	Show func(context.Context, *Request) (View, error)

	// Save does what the form says. An error that is a refusal (app's, Invalid, On a field) shows the form again.
	Save func(context.Context, *Request) (Answer, error)
}

// Routes are those of the form.
func (f FormPage) Routes() []Route {
	return []Route{
		{Pattern: "GET " + f.Path, Serve: func(ctx context.Context, r *Request) (Answer, error) {
			v, err := f.Show(ctx, r)
			if err != nil {
				return Answer{}, err
			}
			return Show(v.page(nil)), nil
		}},
		{Pattern: "POST " + f.Path, Access: Editing, Serve: func(ctx context.Context, r *Request) (Answer, error) {
			if r.Form.Has("again") {
				return again(ctx, r, f.Show, nil, nil)
			}
			a, err := f.Save(ctx, r)
			if err != nil {
				return again(ctx, r, f.Show, err, nil)
			}
			return a, nil
		}},
	}
}

// again shows a form as it was typed: with why it was refused, or what it would do.
func again(ctx context.Context, r *Request, show func(context.Context, *Request) (View, error), why error, more templ.Component) (Answer, error) {
	status, alert, field := http.StatusOK, ui.Alert{}, ""
	if why != nil {
		if status, alert, field = told(why); status >= http.StatusInternalServerError {
			return Answer{}, why
		}
	}
	v, err := show(ctx, r)
	if err != nil {
		return Answer{}, err
	}
	var left string
	v.Form.Fields, left = fillAgain(v.Form.Fields, r.Form)
	if field != "" {
		var label string
		if v.Form.Fields, label = ui.Mark(v.Form.Fields, field, alert.Text); label != "" {
			alert.Field, alert.ID = label, ui.Field{Name: field}.ID()
		}
	}
	alert.Text = strings.TrimSpace(alert.Text + " " + left)
	v.Page.Alert = alert
	a := Show(v.page(more))
	a.status = status
	return a, nil
}

func (v View) page(more templ.Component) ui.Page {
	p := v.Page
	p.Body = ui.All(v.Above, ui.FormPart(v.Form), more, v.Below)
	return p
}
