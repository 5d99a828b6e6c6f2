package walk

import "math/big"

// charges are what a renewal charges in advance: of each plan, by feature.
type charges map[charge]*big.Rat

type charge struct{ plan, feature string }

func chargesOf(plans []plan) charges {
	c := charges{}
	for _, p := range plans {
		for feature, part := range p.parts() {
			c[charge{p.id, feature}] = part
		}
	}
	return c
}

func (c charges) sum() *big.Rat {
	sum := new(big.Rat)
	for _, part := range c {
		sum.Add(sum, part)
	}
	return sum
}

// leave takes a plan out of a draft: off is what the draft charged for it,
// credited the price of what a change has credited.
func (c charges) leave(p plan) (off, credited *big.Rat) {
	off, credited = new(big.Rat), new(big.Rat)
	for feature, part := range p.parts() {
		if on := c[charge{p.id, feature}]; on != nil {
			off.Add(off, on)
			delete(c, charge{p.id, feature})
		} else {
			credited.Add(credited, part)
		}
	}
	return off, credited
}

// without takes out what a change credits: all that a plan does not keep at its
// price, and what another change exchanged before without a credit.
func (c charges) without(had, has []plan) {
	kept, keeps := chargesOf(had), chargesOf(has)
	for at := range c {
		if was, is := kept[at], keeps[at]; was == nil || is == nil || was.Cmp(is) != 0 {
			delete(c, at)
		}
	}
}
