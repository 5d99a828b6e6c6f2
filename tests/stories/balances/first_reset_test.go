package balances

import (
	"testing"

	. "windfall/tests/world"
)

// A first reset is of a balance that resets: the refusal says what to send, and names no balance,
// as none was made.
func TestBAL07AFirstResetWithoutReset(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	without := "next_reset_at: a balance without reset never resets. Send reset with its interval, too, or leave it out."
	for what, c := range map[string]struct {
		body JSON
		text string
	}{
		"nothing":      {JSON{"feature_id": "messages", "included_grant": 5}, without},
		"with an id":   {JSON{"feature_id": "messages", "included_grant": 5, "balance_id": "own"}, without},
		"that is once": {JSON{"feature_id": "messages", "included_grant": 5, "reset": JSON{"interval": "one_off"}}, without},
		"unlimited":    {JSON{"feature_id": "messages", "unlimited": true}, "unlimited: it can't have an included_grant, and never resets. Leave those out."},
		"what is held": {JSON{"feature_id": "seats", "included_grant": 5}, "Feature \"seats\" is held until it is given back: its balance neither resets nor expires. Leave reset, next_reset_at and expires_at out."},
		"on or off":    {JSON{"feature_id": "dashboard"}, "Feature \"dashboard\" is on or off: leave out included_grant, unlimited, reset and next_reset_at."},
	} {
		before := w.Stack.Tables()
		ask := Merge(JSON{"customer_id": "c", "next_reset_at": T1.UnixMilli()}, c.body)
		w.Want(what, w.Refused(400, "invalid_inputs", "/v1/balances.create", ask), c.text)
		w.Want("rows", w.Stack.Tables() == before, true)
	}
	w.Post("/v1/balances.create", JSON{"customer_id": "c", "feature_id": "messages", "included_grant": 5, "reset": JSON{"interval": "month"}, "next_reset_at": T1.UnixMilli()})
}
