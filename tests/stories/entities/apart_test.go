package entities

import (
	"testing"

	. "windfall/tests/world"
)

// What one entity's plan gives back is not of another one's, though it is the same plan: each has a
// subscription. What nobody paid is not given back, whoever ended before.
func TestENT42TheSamePlanOfTwoEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b", "d")
	w.Attach("c", "desk", Of("a"))
	w.Post("/v1/billing.attach", ofEntity("b", "desk", JSON{"invoice_mode": JSON{"enabled": true}})) // due, and not paid
	w.Attach("c", "desk", Of("d"))
	w.WaitIdle()
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	ends := func(entity string) int64 {
		before := total(w)
		sold(w, "update", ofEntity(entity, "desk", JSON{"cancel_action": "cancel_immediately"}))
		return total(w) - before
	}
	w.Want("half of what was paid", ends("a"), int64(-500))
	w.Want("nothing was paid", ends("b"), int64(0))
	w.Want("half of what was paid for the third", ends("d"), int64(-500))
}
