package entitlement

import (
	"testing"

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
