package billing

import "testing"

func TestAnotherQuantityLeavesNothingBelowZero(t *testing.T) {
	t.Parallel()
	limit := dec("600")
	for _, tt := range []struct {
		name        string
		g           Grant
		units, used string
	}{
		{"more", Grant{Prepaid: dec("200"), Used: dec("150")}, "500", "150"},
		{"fewer, and enough", Grant{Included: dec("50"), Prepaid: dec("500"), Used: dec("250")}, "200", "250"},
		{"fewer than were used meanwhile", Grant{Included: dec("50"), Prepaid: dec("500"), Used: dec("251")}, "200", "250"},
		{"pay per use goes below zero", Grant{Prepaid: dec("500"), Used: dec("400"), Overage: true, UsageLimit: &limit}, "200", "400"},
		{"the same", Grant{Prepaid: dec("200"), Extra: dec("-100"), Used: dec("150")}, "200", "150"},
	} {
		if got := tt.g.withPrepaid(dec(tt.units)); !got.Used.Equal(dec(tt.used)) || !got.Prepaid.Equal(dec(tt.units)) {
			t.Errorf("%s: %s used of %s", tt.name, got.Used, got.Granted())
		}
	}
}
