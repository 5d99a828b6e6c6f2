// Package operate has the pages for what needs attention and for those who run Windfall: Overview,
// Redemptions, Activity, API keys, Settings.
package operate

import (
	"slices"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/web"
)

// pages are what the pages of this package ask and tell.
type pages struct {
	app       *app.App
	admin     *admin.Admin
	keys      *admin.Keys
	attention *admin.Attention
	figures   app.FiguresStore
	lists     app.ListStore
	accounts  accounts.Accounts
	site      *web.Site
}

// perPage is how many rows a list shows.
const perPage = 50

// Routes are those of this package.
func Routes(site *web.Site, a *app.App) []web.Route {
	figures, _ := a.Store.(app.FiguresStore) // a test lists the routes without a store
	lists, _ := a.Store.(app.ListStore)
	p := pages{a, admin.Of(a), admin.KeysOf(a), admin.AttentionOf(a), figures, lists, accounts.Of(a), site}
	return slices.Concat(
		[]web.Route{
			{Pattern: "GET /dashboard", Serve: p.overview},
			{Pattern: "GET /dashboard/redemptions", Serve: p.redemptions},
			{Pattern: "GET /dashboard/keys", Serve: p.listKeys},
			{Pattern: "GET /dashboard/activity", Serve: p.activity},
			{Pattern: "POST /dashboard/activity/process-again", Access: web.Editing, Serve: p.processAgain},
			{Pattern: "POST /dashboard/activity/finish", Access: web.Editing, Serve: p.finish},
			{Pattern: "POST /dashboard/activity/seen", Access: web.Editing, Serve: p.seen},
			{Pattern: "POST /dashboard/settings/users/link", Access: web.Editing, Serve: p.newLink},
			{Pattern: "POST /dashboard/settings/users/role", Access: web.Editing, Serve: p.changeRole},
			{Pattern: "POST /dashboard/settings/sessions/end", Serve: p.endSession},
		},
		p.review(approve).Routes(), p.review(reject).Routes(), p.newKey().Routes(), p.revokeKey().Routes(),
		p.settings().Routes(), p.newUser().Routes(), p.removeUser().Routes())
}
