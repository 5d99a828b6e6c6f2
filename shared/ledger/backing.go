package ledger

import (
	"math/big"

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

// good is what of it is paid, or will be.
func (b Backing) good() *big.Rat { return new(big.Rat).Add(new(big.Rat).Add(b.Paid, b.Coming), b.Owed) }

// relied is what a credit passes on. What a draft charges that an issued invoice
// has credited is collected in any case, also if the subscription ends
// (payments/collect_ended.go). A credit on the draft itself pays for what that
// charges only if it comes to be charged: an end takes it off, and the credit stays.
func (b Backing) relied(in Invoice) Backing {
	good := new(big.Rat).Add(b.Paid, b.Coming)
	if in.Draft {
		return Backing{b.All, new(big.Rat), good, b.Owed}
	}
	return Backing{b.All, good, new(big.Rat), b.Owed}
}

// rounded is what a credit of Stripe's for it passes on: all of it, and up to a cent
// more, as Stripe rounds. given is the credit, less what lines of ours hold back.
func (b Backing) rounded(given *big.Rat, c money.Currency) Backing {
	good := b.good()
	if given.Cmp(good) <= 0 || good.Sign() == 0 {
		return b
	}
	most := new(big.Rat).Add(good, big.NewRat(int64(c.Step()), 1))
	return b.times(new(big.Rat).Quo(least(given, most), good))
}

// less is the backing without what an invoice gave to the customer's balance.
func (b Backing) less(surplus *big.Rat) Backing {
	good := b.good()
	if surplus.Sign() <= 0 || good.Sign() == 0 {
		return b
	}
	if surplus.Cmp(good) >= 0 {
		return noBacking()
	}
	return b.times(new(big.Rat).Quo(new(big.Rat).Sub(good, surplus), good))
}

// of is an invoice's backing for one of its charges: a share by its amount. What goes
// beyond all charges was paid before a discount, which lowers both sides of a change: it
// stays with Stripe's charges, up to their list price. Seats have what was paid for them.
func (b Backing) of(line Line, charges, seats, lists *big.Rat) Backing {
	net, all := rat(line.Amount-line.Off), rat(line.Amount)
	good := b.good()
	if good.Sign() == 0 || charges.Sign() <= 0 && (line.Ours || lists.Sign() <= 0) {
		return Backing{all, new(big.Rat), new(big.Rat), new(big.Rat)}
	}
	if charges.Sign() <= 0 { // nothing is charged, and what was paid before stays
		got := b.times(new(big.Rat).Quo(least(new(big.Rat).Mul(good, new(big.Rat).Quo(all, lists)), all), good))
		got.All = all
		return got
	}
	part := new(big.Rat).Mul(good, new(big.Rat).Quo(net, charges))
	if more := new(big.Rat).Sub(good, charges); more.Sign() > 0 {
		theirs := new(big.Rat).Sub(charges, seats)
		if part = net; !line.Ours && theirs.Sign() > 0 {
			more.Mul(more, new(big.Rat).Quo(net, theirs))
			part = least(new(big.Rat).Add(net, more), all)
		}
	}
	got := b.times(new(big.Rat).Quo(part, good))
	got.All = all
	return got
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

// Books says of each item what was paid of its time left; see Ledger.Worth.
type Books func(b Billed, subscriptionID string, present []string, same map[string][]string) func(itemID string, at time.Time) Valuation

// BooksOf books invoices that were read.
func BooksOf(b Billed, subscriptionID string, present []string, same map[string][]string) func(itemID string, at time.Time) Valuation {
	return Of(b.For(subscriptionID), subscriptionID, present, same).Worth
}

// Unread are the books of invoices that nobody read: nothing is known of any item.
func Unread(string, time.Time) Valuation { return Valuation{Backing: noBacking()} }
