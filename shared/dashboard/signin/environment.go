// Package signin has the pages of who is here: the environment of a session, its end, and signing in.
package signin

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// Routes are those of this package.
func Routes(s *web.Site, a *app.App) []web.Route {
	p := pages{s, accounts.Of(a)}
	routes := []web.Route{
		{Pattern: "POST /dashboard/environment", Serve: p.environment, Repeats: true, Apart: true},
		{Pattern: "POST /dashboard/sign-out", Serve: p.signOut, Repeats: true, Apart: true},
	}
	for _, form := range []web.FormPage{p.login(), p.welcome()} {
		for _, rt := range form.Routes() {
			rt.Access = web.Open
			routes = append(routes, rt)
		}
	}
	return routes
}

type pages struct {
	site     *web.Site
	accounts accounts.Accounts
}

// environment changes what the session looks at, in all of its tabs.
func (p pages) environment(ctx context.Context, r *web.Request) (web.Answer, error) {
	env := catalog.Env(r.Value("env"))
	if env != catalog.Sandbox && env != catalog.Live {
		return web.Answer{}, web.Refuse(http.StatusBadRequest, "There are two environments: sandbox and live.")
	}
	if !p.site.Connected(ctx, env) {
		return web.Answer{}, web.Refuse(http.StatusConflict, "%s has no Stripe key, so there is nothing to look at. Nothing was changed.", web.Environment(env))
	}
	cookie, err := p.site.Choose(ctx, r, env)
	if err != nil {
		return web.Answer{}, err
	}
	return web.SignedIn(local(r.Value("back")), cookie), nil
}

// signOut ends the session.
func (p pages) signOut(ctx context.Context, r *web.Request) (web.Answer, error) {
	if err := p.site.End(ctx, r.Session.Hash); err != nil {
		return web.Answer{}, err
	}
	return web.SignedOut(ui.Path("login")), nil
}

// local is an address of the dashboard, or Overview for any other: nobody is led away by a link, and no line is added to
// the header that leads there.
func local(address string) string {
	to, err := url.Parse(address) // which refuses control characters
	if err != nil || to.Host != "" || to.Scheme != "" || strings.Contains(address, `\`) {
		return ui.Root
	}
	if clean := path.Clean(to.Path); clean != ui.Root && !strings.HasPrefix(clean, ui.Root+"/") {
		return ui.Root
	}
	return address
}
