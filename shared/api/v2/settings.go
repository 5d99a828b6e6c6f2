package v2

import (
	"windfall/shared/api"
	"windfall/shared/api/fields"
)

// Settings serves GET /v1/organization/me. The settings themselves are in the first
// dialect alone.
func Settings() api.Dialect {
	return dialect(reads("GET /v1/organization/me", "", fields.Organization))
}
