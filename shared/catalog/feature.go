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
	ID         string
	Name       string
	Type       FeatureType
	EventNames []string // events that track may name instead of the feature
	Credits    []CreditCost
	Singular   string // how one unit is called in texts; may be empty
	Plural     string
	Archived   bool
	CreatedAt  time.Time
	// WriteShards spreads uses without end over so many rows, for more than
	// 1,000 of them a second; 0 and 1 keep them on one.
	WriteShards int
}

// A CreditCost says how many credits one unit of a metered feature costs.
type CreditCost struct {
	FeatureID string
	Cost      money.Decimal
}

// Metered reports whether the feature has a balance that counts down.
func (f Feature) Metered() bool { return f.Type != Boolean }
