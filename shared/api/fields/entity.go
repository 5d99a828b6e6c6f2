package fields

import (
	"net/http"

	"windfall/shared/api"
	"windfall/shared/app"
)

// EntityData makes an entity that a call names and nobody made before.
type EntityData struct {
	Name      string `json:"name"`
	FeatureID string `json:"feature_id"`
}

// ErrNoEntity refuses data of an entity that no field of the call names.
var ErrNoEntity = &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_inputs", Message: "entity_data: it makes the entity of entity_id, which is missing. Send both, or neither."}

// ErrNoCustomer refuses a call that names no customer.
var ErrNoCustomer = &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_inputs", Message: "customer_id: required."}

// Lost reports whether no entity is named that the data could make.
func (d *EntityData) Lost(entityID string) bool { return d != nil && entityID == "" }

// Data is the type of package app; nil says nothing.
func (d *EntityData) Data() app.EntityData {
	if d == nil {
		return app.EntityData{}
	}
	return app.EntityData{Name: d.Name, FeatureID: d.FeatureID}
}

// EntityID is the id of an entity in an answer: null without one.
func EntityID(id string) *string {
	if id == "" {
		return nil
	}
	named := id // id itself would be allocated for "", too
	return &named
}
