package v1

import (
	"windfall/shared/api"
	"windfall/shared/api/words"
)

// dialect is what a function serves in this dialect.
func dialect(routes ...api.Route) api.Dialect {
	return api.Dialect{Words: words.Of, Routes: routes}
}
