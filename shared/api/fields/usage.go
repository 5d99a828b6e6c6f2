package fields

import (
	"time"

	"windfall/shared/api"
)

// ErrEntityBalance refuses an entity.
var ErrEntityBalance = api.Invalid("Balances of an entity are not available in this version.")

// Properties are the caller's notes on a use.
type Properties map[string]any

// Text is their JSON, compact; "" if there are none.
func (p Properties) Text() string {
	if len(p) == 0 {
		return ""
	}
	text, _ := api.EncodeJSON(map[string]any(p)) // decoded from JSON before: it can't fail
	return string(text)
}

// A Moment is the time of a use, in milliseconds since 1970; nil is now.
type Moment int64

// Check refuses a time that no use is recorded for.
func (m *Moment) Check(now time.Time) error {
	if m != nil && (int64(*m) < now.AddDate(-2, 0, 0).UnixMilli() || int64(*m) > now.AddDate(0, 1, 0).UnixMilli()) {
		return api.InvalidInputs("timestamp: at most two years back and one month ahead, in milliseconds.")
	}
	return nil
}

// Time is the time of the use, zero if not given.
func (m *Moment) Time() time.Time {
	if m == nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(*m)).UTC()
}
