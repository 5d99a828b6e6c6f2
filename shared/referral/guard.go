package referral

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

// A Rule is one reason of the guard against rewards for bringing oneself.
type Rule string

const (
	OwnCode         Rule = "own_code"
	SameFingerprint Rule = "same_fingerprint"
	SameEmail       Rule = "same_email"
	SameCard        Rule = "same_card"
	Ring            Rule = "ring"
	Velocity        Rule = "velocity"
)

// RingSteps is how many steps back the guard looks for the redeemer among those who
// brought the owner of the code.
const RingSteps = 4

// A Person is what the guard compares of a customer. What is not known never matches.
type Person struct {
	InternalID  string
	Fingerprint string // of the device
	Email       string
	Cards       []string // fingerprints of the saved cards; read only where the program asks for them
}

// Facts are what the guard knows of one redemption.
type Facts struct {
	Redeemer, Referrer Person
	Brought            []string    // internal ids of those who brought the referrer, and of who brought them: RingSteps at most
	Recent             []time.Time // when the code was redeemed before, as far as the program counts it
	Now                time.Time
}

// A Verdict is what the guard says of a redemption.
type Verdict struct {
	Refused Rule   // the first rule that refuses; "" where none does
	Flags   []Rule // rules for a person to look at
}

// Judge asks every rule. An own code is always refused; the others do what the program
// says.
func Judge(g catalog.Guard, f Facts) (v Verdict) {
	a, b := f.Redeemer, f.Referrer
	for _, r := range []struct {
		rule    Rule
		mode    catalog.GuardMode
		matches bool
	}{
		{OwnCode, catalog.GuardRefuse, a.InternalID == b.InternalID},
		{SameFingerprint, g.FingerprintMode(), a.Fingerprint != "" && a.Fingerprint == b.Fingerprint},
		{SameEmail, g.EmailMode(), a.Email != "" && mailbox(a.Email) == mailbox(b.Email)},
		{SameCard, g.CardMode(), slices.ContainsFunc(a.Cards, func(card string) bool { return slices.Contains(b.Cards, card) })},
		{Ring, g.RingMode(), slices.Contains(f.Brought, a.InternalID)},
		{Velocity, g.VelocityMode(), tooFast(g.Velocity, f)},
	} {
		switch {
		case !r.matches || r.mode == catalog.GuardOff:
		case r.mode == catalog.GuardFlag:
			v.Flags = append(v.Flags, r.rule)
		case v.Refused == "":
			v.Refused = r.rule
		}
	}
	return v
}

// Flagged is the flags of a redemption with more of them, each once.
func (r Redemption) Flagged(more []Rule) []Rule {
	flags := slices.Clone(r.Flags)
	for _, rule := range more {
		if !slices.Contains(flags, rule) {
			flags = append(flags, rule)
		}
	}
	return flags
}

// tooFast reports whether a code has had as many redemptions as it may within the days
// that end now.
func tooFast(v *catalog.Velocity, f Facts) bool {
	return v != nil && len(within(v, f.Recent, f.Now)) >= v.Count
}

func within(v *catalog.Velocity, times []time.Time, now time.Time) []time.Time {
	since := now.AddDate(0, 0, -v.Days)
	return slices.DeleteFunc(slices.Clone(times), func(at time.Time) bool { return !at.After(since) })
}

// Counted is what is kept of the redemptions of a code with one more: as many as the
// velocity rule needs, none without it.
func Counted(g catalog.Guard, recent []time.Time, now time.Time) []time.Time {
	if g.VelocityMode() == catalog.GuardOff {
		return nil
	}
	kept := append(within(g.Velocity, recent, now), now)
	return kept[max(0, len(kept)-g.Velocity.Count):]
}
