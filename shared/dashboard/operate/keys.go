package operate

import (
	"cmp"
	"context"
	"errors"

	"github.com/a-h/templ"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

func refusalOf(err error) (*refusal.Error, bool) {
	var e *refusal.Error
	return e, errors.As(err, &e)
}

// listKeys lists the API keys of the environment: what is not secret of them.
func (p pages) listKeys(ctx context.Context, r *web.Request) (web.Answer, error) {
	page, next, err := p.keys.List(ctx, r.Caller(), r.Query("cursor"), perPage)
	if err != nil {
		return web.Answer{}, err
	}
	t := ui.Table{Caption: "API keys", Columns: ui.Columns("Name", "Kind", "Begins with", "Created", "Status", "Actions"), Empty: "No API keys yet."}
	for _, k := range page {
		status, action := ui.Status("Active", ui.Good), ui.Editors(getButton("Revoke "+keyName(k), ui.Path("keys", k.Prefix, "revoke")))
		if !k.RevokedAt.IsZero() {
			status, action = ui.Status("Revoked on "+ui.Day(k.RevokedAt), ui.Plain), nil
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(keyName(k)), ui.T(kindOf(k.Publishable)), ui.Code(k.Prefix + "…"), ui.DayOf(k.CreatedAt), status, action})
	}
	out := ui.Page{Title: "API keys", Nav: "API keys", Body: ui.All(ui.TablePart(t), ui.Hint("A key is shown once, when it is made. Applications send it as a bearer token.")), Paging: paging(r, next)}
	if r.Editor() {
		out.Actions = []ui.Link{{Text: "+ API Key", Href: ui.Path("keys", "new"), Primary: true}}
	}
	return web.Show(out), nil
}

func keyName(k app.Key) string { return cmp.Or(k.Name, k.Prefix+"…") }

func kindOf(publishable bool) string {
	if publishable {
		return "Publishable"
	}
	return "Secret"
}

var backToKeys = ui.Link{Text: "Back to API keys", Href: ui.Path("keys")}

// newKey makes a key, and shows it this once.
func (p pages) newKey() web.FormPage {
	page := ui.Page{Title: "New API key", Nav: "API keys", Narrow: true, Back: backToKeys}
	return web.FormPage{
		Path: "/dashboard/keys/new",
		Show: func(context.Context, *web.Request) (web.View, error) {
			return web.View{Page: page, Form: ui.Form{Button: "Create", Fields: []ui.Field{
				{Name: "name", Label: "Name", Hint: "By which it is known here: backend, web shop."},
				{Kind: ui.Select, Name: "kind", Label: "Kind", Value: "secret", Options: []ui.Option{{Value: "secret", Text: "Secret"}, {Value: "publishable", Text: "Publishable"}},
					Hint: "A secret key does everything and stays on your servers. A publishable key may be in a web page: it reads products and checks."},
			}}}, nil
		},
		Save: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			kind := r.Value("kind")
			if kind != "secret" && kind != "publishable" {
				return web.Answer{}, web.On("kind", web.Invalid("Choose Secret or Publishable."))
			}
			if r.Value("name") == "" {
				return web.Answer{}, web.On("name", web.Invalid("Enter a name."))
			}
			text, err := p.keys.Make(ctx, r.Caller(), admin.NewKey{Name: r.Value("name"), Publishable: kind == "publishable"})
			if err != nil {
				return web.Answer{}, web.On("name", err)
			}
			made := page
			made.Title = "API key"
			made.Body = ui.All(ui.FieldPart(ui.Field{Kind: ui.Textbox, Name: "key", Label: "Key", Value: text, Hint: "Copy it now: it can't be shown again."}))
			return web.ShowDone(made, "Key created."), nil
		},
	}
}

// revokeKey ends a key.
func (p pages) revokeKey() web.Command {
	return web.Command{
		Path: "/dashboard/keys/{prefix}/revoke",
		Title: func(context.Context, *web.Request) (ui.Page, error) {
			return ui.Page{Title: "Revoke API key", Nav: "API keys", Narrow: true, Back: backToKeys}, nil
		},
		Decide: func(ctx context.Context, r *web.Request) (web.Decided, error) {
			k, err := p.keys.Find(ctx, r.Caller(), r.Param("prefix"))
			if err != nil {
				return web.Decided{}, web.WithLink(err, backToKeys)
			}
			var out web.Decided
			if !k.RevokedAt.IsZero() {
				return out, web.WithLink(web.Refuse(409, "The key %s was revoked on %s already.", keyName(k), ui.Day(k.RevokedAt)), backToKeys)
			}
			out.Button, out.Danger = "Confirm revoke", true
			out.Sentences = []string{"The " + kindWord(k) + " key " + keyName(k) + ", which begins with " + k.Prefix + ", stops working. This can't be undone.",
				"A function that used it a moment ago accepts it for up to a minute more."}
			out.Decision = []any{k.Prefix, k.CreatedAt}
			return out, nil
		},
		Did: func(ctx context.Context, r *web.Request) (bool, error) {
			k, err := p.keys.Find(ctx, r.Caller(), r.Param("prefix"))
			return !k.RevokedAt.IsZero(), err
		},
		Do: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			if _, err := p.keys.Revoke(ctx, r.Caller(), r.Param("prefix")); err != nil {
				return web.Answer{}, err
			}
			return web.Done(ui.Path("keys"), "Key revoked."), nil
		},
	}
}

func kindWord(k app.Key) string {
	if k.Publishable {
		return "publishable"
	}
	return "secret"
}
