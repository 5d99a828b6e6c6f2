package ledger

import (
	"math/big"
	"slices"
	"time"

	"windfall/shared/money"
)

// inherited is what the credit of an item is worth that was never billed by
// itself: its share of what was paid before it, as more items may have come for
// that. The rest stays theirs. Where nothing is known of before, what Stripe
// credited was paid.
func (l Ledger) inherited(line Line, in Invoice) Backing {
	if !line.Proration {
		return noBacking()
	}
	given := new(big.Rat).Sub(rat(-line.Amount), heldBack(line, in.Lines))
	left, returned := l.before(line.Period.Start, in.Lines)
	if len(left)+len(returned) == 0 && !l.knows(line.Period.Start) {
		return Backing{new(big.Rat), given, new(big.Rat), new(big.Rat)}
	}
	out := l.spend(left, given, line.Period.Start)
	// A command credits no more than what there is. Where less has left than was credited, the
	// rest was that of items that had left by then, and came back without a charge.
	missing := new(big.Rat).Sub(given, out.good())
	if missing.Cmp(big.NewRat(int64(in.Currency.Step()), 1)) > 0 { // else it is rounding
		out = out.plus(l.spend(returned, missing, line.Period.Start))
		l.cameBack(returned)
	}
	return out
}

// cameBack has the rest of what was paid for items pay for all that is there without a
// charge: they are among it.
func (l Ledger) cameBack(items []string) {
	for _, id := range items {
		before := "before " + id // no item: it is gone
		l.stretches[before] = append(l.stretches[before], l.stretches[id]...)
		delete(l.stretches, id)
	}
}

// before lists the items whose money may have paid for one that came without a charge:
// those that left without a credit, and those that are there and that an invoice says
// nothing of.
func (l Ledger) before(at time.Time, lines []Line) (left, returned []string) {
	for id := range l.stretches {
		switch {
		case l.apart[id] || l.value(id, at).All.Sign() == 0:
		case l.left(id, lines):
			left = append(left, id)
		case !slices.ContainsFunc(lines, func(line Line) bool { return line.ItemID == id }):
			returned = append(returned, id)
		}
	}
	return left, returned
}

// spend takes an amount out of the backing of items, or what is good of it if that is
// less: of each its share. What they were billed at stays: it tells that no more than
// the rest is paid.
func (l Ledger) spend(items []string, amount *big.Rat, at time.Time) Backing {
	of := l.sum(items, at)
	if of.good().Sign() <= 0 {
		return noBacking()
	}
	share := least(new(big.Rat).Quo(amount, of.good()), big.NewRat(1, 1))
	for _, id := range items {
		for i, s := range l.stretches[id] {
			rest := s.backing.times(new(big.Rat).Sub(big.NewRat(1, 1), share))
			rest.All = s.backing.All
			l.stretches[id][i].backing = rest
		}
	}
	return of.times(share)
}

// knows reports whether the period of the subscription that runs at a moment was billed.
// Then an item that no invoice charged, and nothing before it, came without a charge.
func (l Ledger) knows(at time.Time) bool {
	return slices.ContainsFunc(*l.periods, func(p money.Period) bool { return !p.Start.After(at) && at.Before(p.End) })
}

// left reports whether an item is gone, though no invoice credited it. One that an
// invoice charges anew, without a credit, was gone in the meantime.
func (l Ledger) left(itemID string, lines []Line) bool {
	until, known := l.stays[itemID]
	of := func(sign int) bool {
		return slices.ContainsFunc(lines, func(line Line) bool {
			return line.ItemID == itemID && line.Proration && (rat(line.Amount).Sign() == sign || sign < 0 && line.Free)
		})
	}
	return !known || until < l.booked || of(1) && !of(-1)
}

// stale is the value of items that left without a credit, as a version does that
// is taken over without a charge. It pays for the item that came.
func (l Ledger) stale(at time.Time, lines []Line) Backing {
	sum := noBacking()
	for id := range l.stretches {
		if !l.apart[id] && l.left(id, lines) {
			sum = sum.plus(l.value(id, at))
		}
	}
	return sum
}
