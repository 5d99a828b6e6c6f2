package entitlement

import (
	"testing"
	"time"

	. "windfall/shared/rulestest"
)

func TestAnotherQuantityLeavesNothingBelowZero(t *testing.T) {
	t.Parallel()
	limit := Dec("600")
	for _, tt := range []struct {
		name        string
		g           Grant
		units, used string
	}{
		{"more", Grant{Prepaid: Dec("200"), Used: Dec("150")}, "500", "150"},
		{"fewer, and enough", Grant{Included: Dec("50"), Prepaid: Dec("500"), Used: Dec("250")}, "200", "250"},
		{"fewer than were used meanwhile", Grant{Included: Dec("50"), Prepaid: Dec("500"), Used: Dec("251")}, "200", "250"},
		{"pay per use goes below zero", Grant{Prepaid: Dec("500"), Used: Dec("400"), Overage: true, UsageLimit: &limit}, "200", "400"},
		{"the same", Grant{Prepaid: Dec("200"), Extra: Dec("-100"), Used: Dec("150")}, "200", "150"},
	} {
		if got := tt.g.withPrepaid(Dec(tt.units)); !got.Used.Equal(Dec(tt.used)) || !got.Prepaid.Equal(Dec(tt.units)) {
			t.Errorf("%s: %s used of %s", tt.name, got.Used, got.Granted())
		}
	}
}

// What is held beyond the next product is taken from what an add-on includes.
func TestWhatIsHeldGoesOnInWhatAllInclude(t *testing.T) {
	t.Parallel()
	seat := func(until time.Time) func(*Grant) {
		return func(g *Grant) { g.Held, g.Seats, g.Overage, g.Until = true, true, true, until }
	}
	b := pool(gives("big/1", "10", lifetime, seat(May), usedUp("10")), gives("more/1", "5", lifetime, seat(time.Time{}), beside, usedUp("3")))
	b.Grants = append(b.Grants, gives("small/1", "5", lifetime, seat(time.Time{}), between(May, time.Time{})))
	sortGrants(b.Grants)
	if got := usage(b.At(May)); got != "small/1=8 more/1=5" && got != "more/1=5 small/1=8" {
		t.Error(got)
	}
}
