package v2

import (
	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/refusal"
)

// dialect is what a function serves in this dialect.
func dialect(routes ...api.Route) api.Dialect {
	return api.Dialect{Second: true, Words: spell, Routes: routes}
}

// spell is the api.Words of this dialect.
func spell(e *refusal.Error) (code, message string) { return words.In(e, nil) }
