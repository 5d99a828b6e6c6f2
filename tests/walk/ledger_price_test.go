package walk

import (
	"math/big"
	"strings"
	"time"

	"windfall/shared/money"
)

// price is what a plan costs in advance: for a period, or once.
func (p plan) price() *big.Rat {
	sum := new(big.Rat)
	for _, part := range p.parts() {
		sum.Add(sum, part)
	}
	return sum
}

// parts are the prices of a plan, by feature; "" is the fee. Packs are whole.
func (p plan) parts() map[string]*big.Rat {
	o := offerOf(p.product).in(p.currency)
	fee := o.fee
	if o.once() {
		fee *= p.times
	}
	parts := map[string]*big.Rat{"": new(big.Rat).SetInt64(fee)}
	for _, g := range o.gives {
		if g.pack > 0 {
			parts[g.feature] = new(big.Rat).SetInt64(g.cents * ((p.units[g.feature] + g.pack - 1) / g.pack))
		}
	}
	return parts
}

// kept is what a plan costs in parts that cost the same in one of the plans.
func (p plan) kept(plans []plan) *big.Rat {
	sum := new(big.Rat)
	for name, part := range p.parts() {
		for _, other := range plans {
			if same := other.parts()[name]; other.product == p.product && same != nil && same.Cmp(part) == 0 {
				sum.Add(sum, part)
				break
			}
		}
	}
	return sum
}

// largest is the most that an invoice takes of what was used, in what the currency
// charges at least. Where a tax is computed, there is room for 30 % of it.
func largest(currency money.Currency, taxed bool) int64 {
	minor := int64(99_999_999)
	if taxed {
		minor = minor * 100 / 130
	}
	return minor / int64(currency.Step())
}

// overage is the price of all that is used beyond the allowance: a unit that is
// begun is a whole one. More than most, which an invoice takes, is billed to nobody.
func (p plan) overage(feature string, used *big.Rat, most int64) *big.Rat {
	for _, g := range offerOf(p.product).in(p.currency).gives {
		if g.feature != feature || !g.perUse {
			continue
		}
		over := new(big.Rat).Sub(used, new(big.Rat).SetInt64(g.included))
		if over.Sign() <= 0 {
			break
		}
		up := new(big.Int).Add(over.Num(), new(big.Int).Sub(over.Denom(), big.NewInt(1)))
		units := up.Quo(up, over.Denom())
		if cents := units.Mul(units, big.NewInt(g.cents)); cents.Cmp(big.NewInt(most)) <= 0 {
			return new(big.Rat).SetInt(cents)
		}
	}
	return new(big.Rat)
}

// share is the part of a price for the time left of a period, by seconds.
func share(price *big.Rat, s sub, at int64) *big.Rat {
	return new(big.Rat).Mul(price, big.NewRat(max(0, s.to-at), s.to-s.whole))
}

// price is what a subscription costs for a period that begins at a time, and
// how long that is.
func (m moment) price(id string, at int64, interval string) (*big.Rat, string) {
	sum := new(big.Rat)
	for _, p := range m.on(id, at) {
		sum.Add(sum, p.price())
		if interval = offerOf(p.product).interval; interval == "" {
			interval = "month" // paid by use alone
		}
	}
	return sum, interval
}

// at lists what runs at a time, on what of it a subscription bills.
func (m moment) at(time int64) (out []plan) {
	for _, p := range m.plans {
		if p.start <= time && (p.end == 0 || time < p.end) {
			out = append(out, p)
		}
	}
	return out
}

func (m moment) on(id string, time int64) (out []plan) {
	for _, p := range m.at(time) {
		if p.sub == id && id != "" {
			out = append(out, p)
		}
	}
	return out
}

func holds(plans []plan, one plan) bool {
	for _, p := range plans {
		if p.id == one.id {
			return true
		}
	}
	return false
}

// equal reports whether two lists cost the same for the same products.
func equal(a, b []plan) bool {
	if len(a) != len(b) {
		return false
	}
	for _, p := range a {
		found := false
		for _, q := range b {
			found = found || p.product == q.product && p.price().Cmp(q.price()) == 0
		}
		if !found {
			return false
		}
	}
	return true
}

func names(plans []plan) string {
	var out []string
	for _, p := range plans {
		out = append(out, p.product)
	}
	return "[" + strings.Join(out, " ") + "]"
}

// later is the end of the period that begins at a time: the anchor's day of the
// month, or the last day of a month without it.
func later(anchor, at int64, day, months int) int64 {
	first, from := time.Unix(anchor, 0).UTC(), time.Unix(at, 0).UTC()
	n := (from.Year()-first.Year())*12 + int(from.Month()-first.Month()) + months
	month := time.Date(first.Year(), first.Month()+time.Month(n), 1, first.Hour(), first.Minute(), first.Second(), 0, time.UTC)
	last := month.AddDate(0, 1, -1).Day()
	return month.AddDate(0, 0, min(day, last)-1).Unix()
}

func date(at int64) string { return day(time.Unix(at, 0).UTC()) }
