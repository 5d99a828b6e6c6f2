package fields

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/catalog"
)

// OrganizationID is the organization in every answer that names one: a deployment has one.
const OrganizationID = "org_windfall"

type organizationJSON struct {
	ID   string      `json:"id"`
	Name string      `json:"name"`
	Slug string      `json:"slug"`
	Env  catalog.Env `json:"env"`
}

// Organization answers GET /v1/organization/me, by which the command line says where a key
// leads.
func Organization(_ context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req); err != nil {
		return nil, err
	}
	return organizationJSON{OrganizationID, "Windfall", "windfall", req.Env}, nil
}
