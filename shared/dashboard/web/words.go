package web

import (
	"cmp"

	"windfall/shared/referral"
)

// Words is an error in the sentence that people see.
func Words(err error) string {
	_, alert, _ := told(err)
	return alert.Text
}

// guardRules are the rules of a program's guard, as people know them.
var guardRules = map[referral.Rule]string{
	referral.OwnCode: "Own code", referral.SameFingerprint: "Same fingerprint", referral.SameEmail: "Same e-mail inbox",
	referral.SameCard: "Same card", referral.Ring: "Ring of referrals", referral.Velocity: "Too many in a short time",
}

// GuardRules names rules of a guard.
func GuardRules(rules []referral.Rule) (names []string) {
	for _, rule := range rules {
		names = append(names, cmp.Or(guardRules[rule], string(rule)))
	}
	return names
}
