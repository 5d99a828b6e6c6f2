package walk

import (
	"strings"

	"windfall/shared/billing"
)

// gifts: I-28. The add-ons of a receiver are those that were given and are not taken back;
// what is unused is taken back with its payment.
func (k *referralWalker) gifts(p *person, s billing.State, seen map[string]listedRedemption) {
	want, got := map[string]int{}, map[string]int{}
	for _, e := range k.entries {
		reward := e.code.of.reward
		if !e.everGiven || reward != "bonus" && reward != "extra" {
			continue
		}
		for _, side := range []struct {
			who    *person
			status string
		}{{e.code.owner, seen[e.id].Referrer}, {e.redeemer, seen[e.id].Redeemer}} {
			if side.who != p || side.status == "" || side.status == "reversed" {
				continue
			}
			if want[reward]++; e.status == "reversed" && !p.used {
				k.fail("I-28", "%s: %s used nothing and keeps what went back: it is %s", e.name(), p.id, side.status)
			}
		}
	}
	for _, cp := range s.Products {
		if (cp.ProductID == "bonus" || cp.ProductID == "extra") && cp.Running(k.now()) {
			got[cp.ProductID] += cp.Quantity
		}
	}
	for _, product := range []string{"bonus", "extra"} {
		if got[product] != want[product] {
			k.fail("I-28", "%s has %d of %s, want %d", p.id, got[product], product, want[product])
		}
	}
}

// creditsOf: I-28 of credits, and nothing remains of those that went back.
func (k *referralWalker) creditsOf(p *person, s billing.State, seen map[string]listedRedemption) {
	want := map[string]bool{} // whether something may remain
	for _, e := range k.entries {
		if !e.everGiven || e.code.of.reward != "cash" {
			continue
		}
		if e.code.owner == p {
			want["cg_"+strings.TrimPrefix(e.id, "rr_")+"_referrer"] = seen[e.id].Referrer != "reversed"
		}
		if e.redeemer == p && e.code.of.all {
			want["cg_"+strings.TrimPrefix(e.id, "rr_")+"_redeemer"] = seen[e.id].Redeemer != "reversed"
		}
	}
	for _, g := range s.Credits.Grants {
		remains, given := want[g.ID]
		switch {
		case !given:
			k.fail("I-28", "%s has credits that no redemption gave: %+v", p.id, g)
		case !remains && g.Remaining > 0:
			k.fail("reversal", "%s: %d of credits remain that went back: %s", p.id, g.Remaining, g.ID)
		case g.Granted != 700:
			k.fail("I-28", "%s has %d of credits, want 700: %s", p.id, g.Granted, g.ID)
		}
		delete(want, g.ID)
	}
	if len(want) > 0 {
		k.fail("I-28", "%s lacks credits: %v of %+v", p.id, want, s.Credits.Grants)
	}
}

// trialsOf: I-30. A product is tried once by a customer; tryout once with a device.
func (k *referralWalker) trialsOf(p *person, s billing.State) {
	for _, cp := range s.Products {
		if cp.TrialEnds.IsZero() {
			continue
		}
		keys := []string{cp.ProductID + " by " + p.internal}
		if cp.ProductID == "tryout" && p.device != "" {
			keys = append(keys, "tryout on "+p.device)
		}
		for _, key := range keys {
			switch row := k.trials[key]; row {
			case cp.ID:
			case "":
				k.trials[key] = cp.ID
				k.taken["a trial"]++
			default:
				k.fail("I-30", "%s has the trial of %s with %s, after %s (%s)", p.id, cp.ProductID, cp.ID, row, key)
			}
		}
	}
}
