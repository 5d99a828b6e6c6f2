package billing

import "time"

// A UsageEvent is one use of one feature as it was tracked. Events are a
// history: no decision reads them.
type UsageEvent struct {
	ID         string // "evt_…", of the call; a call may use several features
	CustomerID string
	FeatureID  string
	Name       string    // event_name, where the call used one
	At         time.Time // when it happened, as the caller says
	ReceivedAt time.Time
	Value      Decimal
	Properties string // a JSON object, or ""
}

// What an event may hold. It travels inside the row of the balance, which
// stays below 1 KB, one unit of capacity, unless properties fill it.
const maxProperties = 1024 // bytes of JSON

// CheckUsageEvent refuses what would not fit into the row of a balance.
func CheckUsageEvent(name, properties string) error {
	switch {
	case len(name) > maxEventName:
		return InvalidInputs("event_name: at most %d bytes, got %d.", maxEventName, len(name))
	case len(properties) > maxProperties:
		return InvalidInputs("properties: at most %d bytes of JSON, got %d.", maxProperties, len(properties))
	}
	return nil
}

// defaultEventDays is how long events are kept: a year to compare with, and a
// month to notice.
const defaultEventDays = 400

// EventsKeptFor is how long a usage event is kept.
func (s Settings) EventsKeptFor() time.Duration {
	return time.Duration(s.EventDays()) * 24 * time.Hour
}
