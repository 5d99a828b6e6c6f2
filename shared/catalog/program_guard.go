package catalog

import "windfall/shared/refusal"

// A GuardMode is what follows when a rule of the guard against fraud matches.
type GuardMode string

const (
	GuardOff    GuardMode = "off"
	GuardFlag   GuardMode = "flag"   // the redemption is held until a person has looked at it
	GuardRefuse GuardMode = "refuse" // it is refused, as that of an own code is
)

// A Guard keeps customers from being rewarded for bringing themselves. A mode that is
// not set is the default.
type Guard struct {
	SameFingerprint GuardMode `json:"same_fingerprint,omitzero"`

	SameEmail GuardMode `json:"same_email,omitzero"`
	SameCard  GuardMode `json:"same_card,omitzero"`
	Ring      GuardMode `json:"ring,omitzero"`
	Velocity  *Velocity `json:"velocity,omitempty"` // nil is off
}

// A Velocity is how many redemptions one code may have within some days before
// further ones are flagged or refused.
type Velocity struct {
	Count int       `json:"count"`
	Days  int       `json:"days"`
	Mode  GuardMode `json:"mode,omitzero"`
}

// The bounds of a program's terms. Our choice: the times of as many redemptions stand
// with the code, and a hold is no way to never pay.
const (
	maxVelocityCount = 100
	maxVelocityDays  = 366
	maxHoldDays      = 366
)

// FingerprintMode is what an equal device leads to: refuse, unless the program says otherwise.
func (g Guard) FingerprintMode() GuardMode { return g.SameFingerprint.or(GuardRefuse) }

// EmailMode is what an equal mailbox leads to: refuse, unless the program says otherwise.
func (g Guard) EmailMode() GuardMode { return g.SameEmail.or(GuardRefuse) }

// CardMode is what an equal card leads to: nothing, as colleagues pay with one card.
func (g Guard) CardMode() GuardMode { return g.SameCard.or(GuardOff) }

// RingMode is what a ring of referrals leads to: a person looks at it.
func (g Guard) RingMode() GuardMode { return g.Ring.or(GuardFlag) }

// VelocityMode is what too many redemptions of one code lead to.
func (g Guard) VelocityMode() GuardMode {
	if g.Velocity == nil {
		return GuardOff
	}
	return g.Velocity.Mode.or(GuardFlag)
}

// VelocityRule is the rule about too many redemptions with its mode; nil without one.
func (g Guard) VelocityRule() *Velocity {
	if g.Velocity == nil {
		return nil
	}
	return &Velocity{g.Velocity.Count, g.Velocity.Days, g.VelocityMode()}
}

func (m GuardMode) or(usual GuardMode) GuardMode {
	if m == "" {
		return usual
	}
	return m
}

func (m GuardMode) known() bool {
	return m == "" || m == GuardOff || m == GuardFlag || m == GuardRefuse
}

// problem is why the terms of the guard are none, or nil.
func (g Guard) problem() *refusal.Error {
	for _, m := range []struct {
		field string
		mode  GuardMode
	}{{"same_fingerprint", g.SameFingerprint}, {"same_email", g.SameEmail}, {"same_card", g.SameCard}, {"ring", g.Ring}} {
		if !m.mode.known() {
			return refusal.Invalid(ReasonGuardMode, m.field, string(m.mode))
		}
	}
	switch v := g.Velocity; {
	case v == nil:
	case !v.Mode.known():
		return refusal.Invalid(ReasonGuardMode, "velocity.mode", string(v.Mode))
	case v.Count < 1 || v.Count > maxVelocityCount || v.Days < 1 || v.Days > maxVelocityDays:
		return refusal.Invalid(ReasonGuardVelocity, maxVelocityCount, maxVelocityDays)
	}
	return nil
}
