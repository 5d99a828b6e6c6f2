// Package ledger books what a customer was billed for the periods that run, and
// says of each item how much of its time left is paid, about to be collected, or
// owed. Money follows items through changes: what a change credits pays for what
// it charges. It knows Stripe's invoices and no rule of Windfall's.
package ledger

import (
	"maps"
	"math/big"
	"slices"
	"time"

	"windfall/shared/money"
)

// A stretch is an item's time from a charge to the end of its period, with the
// backing at its beginning.
type stretch struct {
	line    Line
	backing Backing
}

func (s stretch) at(now time.Time) Backing {
	period := s.line.Period
	if !s.line.Whole.IsZero() {
		period.Start = s.line.Whole
	}
	left := money.PeriodLeft(period, now)
	return s.backing.times(big.NewRat(left.Left, left.Of))
}

// A Ledger is the stretches of a subscription's items. Money follows them
// through changes: what a change credits pays for what it charges.
type Ledger struct {
	stretches map[string][]stretch // by item
	stays     map[string]int       // the invoice up to which an item is there: the last that credits it
	apart     map[string]bool      // items whose money is for nothing else, when they leave: seats
	same      map[string][]string  // by an item of seats: those that were for the same in earlier versions
	groups    map[string][]string  // by each of these: all of them
	taken     map[string]Backing   // what credits of ours took out of their seats, by operation and item
	booked    int                  // how many invoices are
	periods   *[]money.Period      // of the subscription that these have billed
}

// Of books the invoices of a customer for one subscription in the order of their
// commands. Lines without a subscription are on invoices of their own: seats.
// same lists, by an item of seats, those that were for the same in earlier versions
// of its product. What is of another subscription is left out.
func Of(invoices []Invoice, subscriptionID string, present []string, same map[string][]string) Ledger {
	invoices = inOrder(apart(atListPrice(inOrder(withoutOthers(invoices, subscriptionID)), subscriptionID, present)))
	l := Ledger{stretches: map[string][]stretch{}, stays: map[string]int{}, apart: map[string]bool{}, same: same, groups: map[string][]string{}, taken: map[string]Backing{}, periods: new([]money.Period)}
	for _, id := range slices.Sorted(maps.Keys(same)) {
		group := append([]string{id}, same[id]...)
		for _, member := range group {
			l.groups[member] = group
		}
	}
	for i, in := range invoices {
		for _, line := range in.Lines {
			switch l.apart[line.ItemID] = l.apart[line.ItemID] || line.Ours; {
			case line.SubscriptionID == "":
				present = append(present, line.ItemID)
			case line.gives():
				l.stays[line.ItemID] = i
			}
		}
	}
	for _, id := range present {
		l.stays[id] = len(invoices)
	}
	freed := freedOn(invoices)
	for i, in := range invoices {
		freed = slices.DeleteFunc(freed, func(line Line) bool {
			first := freedBefore(line, in)
			if first {
				l.free(line)
			}
			return first
		})
		l.booked = i
		l.book(in, subscriptionID)
	}
	for _, line := range freed {
		l.free(line)
	}
	l.booked = len(invoices)
	return l
}

// free takes the share of a credit of ours out of its item, and out of those that were
// for the same in other versions: the share of the seats that it frees.
func (l Ledger) free(line Line) {
	if line.All <= 0 {
		return
	}
	group := l.groups[line.ItemID]
	if len(group) == 0 {
		group = []string{line.ItemID}
	}
	whole := big.NewRat(1, 1)
	share := least(new(big.Rat).Quo(rat(-line.Amount), rat(line.All)), whole)
	l.taken[line.Operation+" "+line.ItemID] = l.sum(group, line.Period.Start).times(share)
	for _, id := range group {
		l.keep(id, new(big.Rat).Sub(whole, share))
	}
}

func (l Ledger) book(in Invoice, subscriptionID string) {
	from, net, charges, seats, lists := noBacking(), new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for _, line := range in.Lines {
		amount := rat(line.Amount - line.Off)
		net.Add(net, amount)
		if line.gives() {
			from = from.plus(l.credit(line, in).relied(in))
		} else if !line.Withheld {
			if charges.Add(charges, amount); line.Ours {
				seats.Add(seats, amount)
			} else {
				lists.Add(lists, rat(line.Amount))
			}
		}
	}
	came := Backing{new(big.Rat), portion(net, in.Paid, in.Total), new(big.Rat), portion(net, in.Due, in.Total)}
	if in.Collected {
		came.Coming, came.Owed = came.Owed, came.Coming
	}
	came = came.plus(from.less(new(big.Rat).Neg(net)))
	for _, line := range in.Lines {
		if line.Amount > 0 && !line.Withheld {
			l.stretches[line.ItemID] = append(l.goOn(line), stretch{line, came.of(line, charges, seats, lists)})
		}
		if line.SubscriptionID == subscriptionID && !line.Proration && !line.Ours {
			*l.periods = append(*l.periods, line.Period)
		}
	}
}

// goOn lists an item's stretches that go on when a charge comes: a period that a
// subscription begins anew takes the place of the one before, also where Stripe
// credited nothing of it.
func (l Ledger) goOn(line Line) []stretch {
	return slices.DeleteFunc(l.stretches[line.ItemID], func(s stretch) bool {
		return line.SubscriptionID != "" && !line.Proration && !line.Ours && s.line.SubscriptionID != "" && s.line.Period.Start.Before(line.Period.Start)
	})
}

// credit takes what a line gives back out of the ledger: all of an item's time
// left if Stripe made it for a change, a part if it is for some seats.
func (l Ledger) credit(line Line, in Invoice) Backing {
	if line.Ours {
		return l.givenBack(line, in)
	}
	given := rat(-line.Amount)
	known := l.value(line.ItemID, line.Period.Start)
	if known.All.Sign() == 0 {
		return l.inherited(line, in)
	}
	whole := big.NewRat(1, 1)
	if line.Proration {
		l.keep(line.ItemID, new(big.Rat))
		return known.rounded(new(big.Rat).Sub(given, heldBack(line, in.Lines)), in.Currency)
	}
	part := least(new(big.Rat).Quo(given, known.All), whole)
	l.keep(line.ItemID, new(big.Rat).Sub(whole, part))
	return known.times(part)
}

// givenBack is what a credit of ours pays for: what was paid for the seats. What was about
// to be, and was declined since, is owed, and so is what the credit pays for. On a draft it
// is about to be given.
func (l Ledger) givenBack(line Line, in Invoice) Backing {
	out := noBacking()
	out.Paid = rat(line.Off - line.Amount)
	if was, known := l.taken[line.Operation+" "+line.ItemID]; known && was.All.Sign() > 0 {
		good := new(big.Rat).Add(was.Paid, was.Coming)
		if cent := new(big.Rat).Add(good, big.NewRat(int64(in.Currency.Step()), 1)); cent.Cmp(out.Paid) < 0 { // else it is rounding
			out.Owed = least(was.Owed, new(big.Rat).Sub(out.Paid, good))
			out.Paid = good
		}
	}
	if in.Draft {
		out.Paid, out.Coming = out.Coming, out.Paid
	}
	return out
}

// heldBack is what lines of ours take back of a credit of Stripe's.
func heldBack(credit Line, lines []Line) *big.Rat {
	sum := new(big.Rat)
	for _, other := range lines {
		if other.Withheld && other.ItemID == credit.ItemID {
			sum.Add(sum, rat(other.Amount))
		}
	}
	return sum
}

// keep leaves a part of an item's backing.
func (l Ledger) keep(itemID string, part *big.Rat) {
	for i, s := range l.stretches[itemID] {
		l.stretches[itemID][i].backing = s.backing.times(part)
	}
}

// value is what an item's time left is worth at a moment.
func (l Ledger) value(itemID string, at time.Time) Backing {
	sum := noBacking()
	for _, s := range l.stretches[itemID] {
		sum = sum.plus(s.at(at))
	}
	return sum
}

// A Valuation is the value of an item's time left.
type Valuation struct {
	Backing
	Itself bool // a charge of its own billed it
	Known  bool // … or something before it, or it is known that nothing did
}

// Worth is the value of an item's time left. A version that was taken over without
// a charge has the money of the one before; seats have that of all versions
// together.
func (l Ledger) Worth(itemID string, at time.Time) Valuation {
	v := Valuation{Backing: l.value(itemID, at)}
	v.Itself = v.All.Sign() > 0
	if before, seats := l.same[itemID]; seats {
		v.Backing = v.plus(l.sum(before, at))
	} else if !v.Itself {
		v.Backing = l.stale(at, nil)
	}
	v.Known = v.All.Sign() > 0 || l.knows(at)
	return v
}

func (l Ledger) sum(items []string, at time.Time) Backing {
	sum := noBacking()
	for _, id := range items {
		sum = sum.plus(l.value(id, at))
	}
	return sum
}
