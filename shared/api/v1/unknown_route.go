package v1

import (
	"windfall/shared/api"
	"windfall/shared/app"
)

// UnknownRoute serves all routes that no other function has: a 404 in the API's
// own form. Of the App it needs only the log.
func UnknownRoute(a *app.App) *api.Function {
	return api.NewFunction(a, words, api.Route{Pattern: "$default", Access: api.Open, Handle: api.NoRoute.Handle})
}
