package signin

import (
	"context"
	"errors"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// login asks who it is.
func (p pages) login() web.FormPage {
	return web.FormPage{
		Path: "/dashboard/login",
		Show: func(_ context.Context, r *web.Request) (web.View, error) {
			return web.View{Page: ui.Page{Title: "Sign in"}, Form: ui.Form{Button: "Sign in", Reads: true,
				Hidden: []ui.Field{{Name: "back", Value: local(backOf(r))}},
				Fields: []ui.Field{{Kind: ui.Email, Name: "email", Label: "E-mail", Autocomplete: "username"},
					{Kind: ui.Password, Name: "password", Label: "Password", Autocomplete: "current-password"}}}}, nil
		},
		Save: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			user, err := p.accounts.SignIn(ctx, r.Value("email"), r.Form.Get("password"), r.From, r.Now)
			if err != nil {
				return web.Answer{}, err
			}
			return p.begin(ctx, r, user, local(r.Value("back")))
		},
	}
}

func backOf(r *web.Request) string {
	if typed := r.Value("back"); typed != "" {
		return typed
	}
	return r.Query("back")
}

// begin opens a page in a new session, in the sandbox or where that has no Stripe key in live.
func (p pages) begin(ctx context.Context, r *web.Request, user app.User, to string) (web.Answer, error) {
	env := catalog.Sandbox
	if !p.site.Connected(ctx, env) && p.site.Connected(ctx, catalog.Live) {
		env = catalog.Live
	}
	if r.Session.Hash != "" {
		if err := p.site.End(ctx, r.Session.Hash); err != nil {
			return web.Answer{}, err
		}
	}
	cookie, err := p.site.Begin(ctx, user, env, r.Now)
	if err != nil {
		return web.Answer{}, err
	}
	return web.SignedIn(to, cookie), nil
}

// welcome lets the holder of a link choose a password, once.
func (p pages) welcome() web.FormPage {
	token := func(r *web.Request) string {
		if sent := r.Value("token"); sent != "" {
			return sent
		}
		return r.Query("token")
	}
	return web.FormPage{
		Path: "/dashboard/welcome",
		Show: func(ctx context.Context, r *web.Request) (web.View, error) {
			email, err := p.accounts.Welcome(ctx, token(r), r.Now)
			if err != nil {
				return web.View{}, web.WithLink(err, ui.Link{Text: "Sign in", Href: ui.Path("login")})
			}
			return web.View{Page: ui.Page{Title: "Choose a password"}, Form: ui.Form{Button: "Save password", Reads: true, Note: "For " + email + ".",
				Hidden: []ui.Field{{Name: "token", Value: token(r)}},
				Fields: []ui.Field{{Kind: ui.Password, Name: "password", Label: "Password", Hint: "At least 12 characters.", Autocomplete: "new-password"},
					{Kind: ui.Password, Name: "repeated", Label: "Repeat password", Autocomplete: "new-password"}}}}, nil
		},
		Save: func(ctx context.Context, r *web.Request) (web.Answer, error) {
			user, err := p.accounts.Choose(ctx, token(r), r.Form.Get("password"), r.Form.Get("repeated"), r.Now)
			if err != nil {
				return web.Answer{}, onPassword(err)
			}
			return p.begin(ctx, r, user, ui.Root)
		},
	}
}

// onPassword says which field a refusal of a password is about.
func onPassword(err error) error {
	if errors.Is(err, accounts.ErrRepeated) {
		return web.On("repeated", err)
	}
	return web.On("password", err)
}
