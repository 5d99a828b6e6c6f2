package v1

import (
	"windfall/shared/api"
	"windfall/shared/app"
)

// UnknownRoute serves what no other function does: a 404 in the API's own
// words. It needs nothing of the App but its log.
func UnknownRoute(a *app.App) *api.Function {
	return api.NewFunction(a, words, api.Route{Pattern: "$default", Access: api.Open, Handle: api.NoRoute.Handle})
}
