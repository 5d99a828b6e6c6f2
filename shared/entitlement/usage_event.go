package entitlement

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A UsageEvent is one use of one feature as it was tracked. Events are a
// history: no decision reads them.
type UsageEvent struct {
	ID         string // "evt_…", of the call; a call may use several features
	CustomerID string
	EntityID   string // that the call named, whatever balance paid; "" is none
	FeatureID  string
	Name       string    // event_name, where the call used one
	At         time.Time // when it happened, as the caller says
	ReceivedAt time.Time
	Value      money.Decimal
	Properties string // a JSON object, or ""
}

// What an event may hold. It travels inside the row of the balance, which
// stays below 1 KB, one unit of capacity, unless properties fill it.
const maxProperties = 1024 // bytes of JSON

// CheckUsageEvent refuses what would not fit into the row of a balance.
func CheckUsageEvent(name, properties string) error {
	switch {
	case len(name) > catalog.MaxEventName:
		return refusal.Invalid(ReasonEventNameTooLong, catalog.MaxEventName, len(name))
	case len(properties) > maxProperties:
		return refusal.Invalid(ReasonPropertiesTooLarge, maxProperties, len(properties))
	}
	return nil
}
