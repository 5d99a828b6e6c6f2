package fields

import (
	"windfall/shared/app"
)

// EntityData makes an entity that a call names and nobody made before.
type EntityData struct {
	Name      string `json:"name"`
	FeatureID string `json:"feature_id"`
}

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
