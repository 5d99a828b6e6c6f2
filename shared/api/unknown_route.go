package api

import (
	"windfall/shared/app"
)

// UnknownRoute serves what no other function does: a 404 in the API's own
// words. It needs nothing of the App but its log.
func UnknownRoute(a *app.App) *Function {
	return NewFunction(a, Route{"$default", Open, noRoute.Handle, false})
}
