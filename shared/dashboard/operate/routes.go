// Package operate has the pages for what needs attention: Overview, Redemptions, Activity, API keys, Settings.
package operate

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// Routes are those of this package.
func Routes(a *app.App) []web.Route {
	return []web.Route{{Pattern: "GET /dashboard", Serve: overview}}
}

func overview(context.Context, *web.Request) (web.Answer, error) {
	return web.Show(ui.Page{Title: "Overview", Nav: "Overview"}), nil
}
