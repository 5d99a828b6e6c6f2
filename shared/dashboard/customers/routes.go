// Package customers has pages of the dashboard.
package customers

import (
	"windfall/shared/app"
	"windfall/shared/dashboard/web"
)

// Routes are those of this package.
func Routes(a *app.App) []web.Route { return nil }
