// Package ledger books what a customer was billed for the periods that run, and
// says of each item how much of its time left is paid, about to be collected, or
// owed. Money follows items through changes: what a change credits pays for what
// it charges. It knows Stripe's invoices and no rule of Windfall's.
package ledger

import (
	"math/big"
	"slices"
	"time"

	"windfall/shared/money"
)

// A Backing is what an item's time left was billed at, and what became of that:
// it is paid, about to be collected, or owed still. The rest will never be paid.
// Shares of shares are exact as fractions; decimals would leave a cent behind.
type Backing struct{ All, Paid, Coming, Owed *big.Rat }

func (b Backing) each(other Backing, join func(a, b *big.Rat) *big.Rat) Backing {
	return Backing{join(b.All, other.All), join(b.Paid, other.Paid), join(b.Coming, other.Coming), join(b.Owed, other.Owed)}
}

func noBacking() Backing { return Backing{new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)} }

func (b Backing) plus(other Backing) Backing {
	return b.each(other, func(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) })
}

func (b Backing) times(part *big.Rat) Backing {
	return b.each(b, func(a, _ *big.Rat) *big.Rat { return new(big.Rat).Mul(a, part) })
}

// A stretch is an item's time from a charge to the end of its period, with the
// backing at its beginning.
type stretch struct {
	line    Line
	backing Backing
}

func (s stretch) at(now time.Time) Backing {
	left := money.PeriodLeft(s.line.Period, now)
	return s.backing.times(big.NewRat(left.Left, left.Of))
}

// A Ledger is the stretches of a subscription's items. Money follows them
// through changes: what a change credits pays for what it charges.
type Ledger struct {
	stretches map[string][]stretch // by item
	stays     map[string]int       // the invoice up to which an item is there: the last that credits it
	apart     map[string]bool      // items whose money is for nothing else, when they leave: seats
	same      map[string][]string  // by an item of seats: those that were for the same in earlier versions
	booked    int                  // how many invoices are
}

// Of books the invoices of a customer for one subscription, the oldest
// first. Lines without a subscription are on invoices of their own: seats.
// same lists, by an item of seats, those that were for the same in earlier versions
// of its product.
func Of(invoices []Invoice, subscriptionID string, present []string, same map[string][]string) Ledger {
	l := Ledger{stretches: map[string][]stretch{}, stays: map[string]int{}, apart: map[string]bool{}, same: same}
	for i, in := range invoices {
		for _, line := range in.Lines {
			switch l.apart[line.ItemID] = l.apart[line.ItemID] || line.Ours; {
			case line.SubscriptionID == "":
				present = append(present, line.ItemID)
			case line.Amount < 0:
				l.stays[line.ItemID] = i
			}
		}
	}
	for _, id := range present {
		l.stays[id] = len(invoices)
	}
	freed := freedOn(invoices)
	for i, in := range invoices {
		for len(freed) > 0 && freed[0].Period.Start.Before(in.CreatedAt) {
			l.free(freed[0])
			freed = freed[1:]
		}
		l.booked = i
		l.book(in, subscriptionID)
	}
	for _, line := range freed {
		l.free(line)
	}
	l.booked = len(invoices)
	return l
}

// freedOn lists the credits of ours by the time at which they took effect, which may
// be long before their invoice: a seat may have been taken again by then.
func freedOn(invoices []Invoice) (freed []Line) {
	for _, in := range invoices {
		for _, line := range in.Lines {
			if line.Ours && line.Amount < 0 {
				freed = append(freed, line)
			}
		}
	}
	slices.SortStableFunc(freed, func(a, b Line) int { return a.Period.Start.Compare(b.Period.Start) })
	return freed
}

// free takes the share of a credit of ours out of its item; where the item was never
// billed by itself, out of those that were for the same.
func (l Ledger) free(line Line) {
	at, share, from := line.Period.Start, rat(-line.Amount), []string{line.ItemID}
	known := l.value(line.ItemID, at).All
	if known.Sign() == 0 { // the price was another
		share, from = rat(line.Off-line.Amount), l.same[line.ItemID]
		known = l.sum(from, at).Paid
	}
	if known.Sign() == 0 {
		return
	}
	whole := big.NewRat(1, 1)
	for _, id := range from {
		l.keep(id, new(big.Rat).Sub(whole, least(new(big.Rat).Quo(share, known), whole)))
	}
}

func (l Ledger) book(in Invoice, subscriptionID string) {
	from, net, charges := noBacking(), new(big.Rat), new(big.Rat)
	for _, line := range in.Lines {
		amount := rat(line.Amount - line.Off)
		net.Add(net, amount)
		if line.Amount < 0 {
			from = from.plus(l.credit(line, in).relied(in))
		} else if !line.Withheld {
			charges.Add(charges, amount)
		}
	}
	came := Backing{new(big.Rat), portion(net, in.Paid, in.Total), new(big.Rat), portion(net, in.Due, in.Total)}
	if in.Collected {
		came.Coming, came.Owed = came.Owed, came.Coming
	}
	came = came.plus(from)
	for _, line := range in.Lines {
		if line.Amount > 0 && !line.Withheld && (line.SubscriptionID == "" || line.SubscriptionID == subscriptionID) {
			l.stretches[line.ItemID] = append(l.before(line), stretch{line, came.of(line, charges)})
		}
	}
}

// before lists an item's stretches that go on when a charge comes: a period that a
// subscription begins anew takes the place of the one before, also where Stripe
// credited nothing of it.
func (l Ledger) before(line Line) []stretch {
	return slices.DeleteFunc(l.stretches[line.ItemID], func(s stretch) bool {
		return line.SubscriptionID != "" && !line.Proration && !line.Ours && s.line.SubscriptionID != "" && s.line.Period.Start.Before(line.Period.Start)
	})
}

// relied is what a credit passes on. What a draft charges that an issued invoice
// has credited is collected in any case, also if the subscription ends
// (payments/collect_ended.go).
func (b Backing) relied(in Invoice) Backing {
	if in.Draft {
		return b
	}
	return Backing{b.All, new(big.Rat).Add(b.Paid, b.Coming), new(big.Rat), b.Owed}
}

// of is an invoice's backing for one of its charges: a share by its amount, and
// never more than that.
func (b Backing) of(line Line, charges *big.Rat) Backing {
	rest := rat(line.Amount - line.Off)
	if charges.Sign() <= 0 {
		return Backing{rat(line.Amount), new(big.Rat), new(big.Rat), new(big.Rat)}
	}
	share := new(big.Rat).Quo(rest, charges)
	upTo := func(some *big.Rat) *big.Rat {
		got := least(new(big.Rat).Mul(some, share), rest)
		rest = new(big.Rat).Sub(rest, got)
		return got
	}
	return Backing{rat(line.Amount), upTo(b.Paid), upTo(b.Coming), upTo(b.Owed)}
}

// credit takes what a line gives back out of the ledger: all of an item's time
// left if Stripe made it for a change, a part if it is for some seats.
func (l Ledger) credit(line Line, in Invoice) Backing {
	if line.Ours {
		return givenBack(line, in)
	}
	given := rat(-line.Amount)
	known := l.value(line.ItemID, line.Period.Start)
	if known.All.Sign() == 0 {
		return l.inherited(line, in.Lines)
	}
	part, whole := new(big.Rat).Quo(given, known.All), big.NewRat(1, 1)
	if line.Proration {
		l.keep(line.ItemID, new(big.Rat))
		return known.times(least(part, new(big.Rat).Add(whole, new(big.Rat).Inv(known.All)))) // rounded to a cent
	}
	part = least(part, whole)
	l.keep(line.ItemID, new(big.Rat).Sub(whole, part))
	return known.times(part)
}

// givenBack is what a credit of ours pays for: what was paid for the seats. On a draft
// it is about to be given.
func givenBack(line Line, in Invoice) Backing {
	out := noBacking()
	if out.Paid = rat(line.Off - line.Amount); in.Draft {
		out.Paid, out.Coming = out.Coming, out.Paid
	}
	return out
}

// inherited is what the credit of an item is worth that was never billed by
// itself: as much of the item before it. Where that is not known either, what
// Stripe credited was paid.
func (l Ledger) inherited(line Line, lines []Line) Backing {
	if !line.Proration {
		return noBacking()
	}
	given := rat(-line.Amount)
	for _, other := range lines {
		if other.Withheld && other.ItemID == line.ItemID {
			given.Sub(given, rat(other.Amount))
		}
	}
	before := l.stale(line.Period.Start, lines)
	if before.All.Sign() == 0 {
		return Backing{new(big.Rat), given, new(big.Rat), new(big.Rat)}
	}
	for id := range l.stretches {
		if !l.apart[id] && l.left(id, lines) {
			l.keep(id, new(big.Rat))
		}
	}
	before.Paid = least(before.Paid, given)
	before.Coming = least(before.Coming, new(big.Rat).Sub(given, before.Paid))
	return before
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

// Worth is the value of an item's time left, and whether it was billed by itself.
// A version that was taken over without a charge has the money of the one
// before; that of seats is the money of seats.
func (l Ledger) Worth(itemID string, at time.Time) (value Backing, itself bool) {
	if value = l.value(itemID, at); value.All.Sign() > 0 {
		return value, true
	}
	if before, seats := l.same[itemID]; seats {
		return l.sum(before, at), false
	}
	return l.stale(at, nil), false
}

func (l Ledger) sum(items []string, at time.Time) Backing {
	sum := noBacking()
	for _, id := range items {
		sum = sum.plus(l.value(id, at))
	}
	return sum
}

// left reports whether an item is gone, though no invoice credited it. One that an
// invoice charges anew, without a credit, was gone in the meantime.
func (l Ledger) left(itemID string, lines []Line) bool {
	until, known := l.stays[itemID]
	of := func(sign int) bool {
		return slices.ContainsFunc(lines, func(line Line) bool {
			return line.ItemID == itemID && line.Proration && rat(line.Amount).Sign() == sign
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

func rat(a money.Amount) *big.Rat { return new(big.Rat).SetInt64(int64(a)) }

// portion is the part of an amount that some of a total is, within its bounds.
func portion(amount *big.Rat, some, total money.Amount) *big.Rat {
	if total <= 0 || some <= 0 || amount.Sign() <= 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Mul(amount, big.NewRat(int64(min(some, total)), int64(total)))
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}
