package catalog

import (
	"time"

	"windfall/shared/money"
)

// A FeatureType says how a feature is granted and used.
type FeatureType string

const (
	Boolean       FeatureType = "boolean"        // on or off
	SingleUse     FeatureType = "single_use"     // consumed, comes back at each reset
	ContinuousUse FeatureType = "continuous_use" // held, such as seats or storage
	CreditSystem  FeatureType = "credit_system"  // a pool that other features draw from
)

// A Feature is something a product can grant.
type Feature struct {
	ID         string       `json:"id,omitzero"`
	Name       string       `json:"name,omitzero"`
	Type       FeatureType  `json:"type,omitzero"`
	EventNames []string     `json:"event_names,omitzero"` // events that track may name instead of the feature
	Credits    []CreditCost `json:"credits,omitzero"`
	Singular   string       `json:"singular,omitzero"` // how one unit is called in texts; may be empty
	Plural     string       `json:"plural,omitzero"`
	Archived   bool         `json:"archived,omitzero"`
	CreatedAt  time.Time    `json:"created_at,omitzero"`
	// WriteShards spreads uses without end over so many rows, for more than
	// 1,000 of them a second; 0 and 1 keep them on one.
	WriteShards int `json:"write_shards,omitzero"`
	// GroupBy lists properties of events by whose values sums of usage are kept.
	GroupBy []string `json:"group_by,omitzero"`
}

// A CreditCost says how many credits one unit of a metered feature costs.
type CreditCost struct {
	FeatureID string        `json:"feature_id,omitzero"`
	Cost      money.Decimal `json:"cost,omitzero"`
}

// Metered reports whether the feature has a balance that counts down.
func (f Feature) Metered() bool { return f.Type != Boolean }
