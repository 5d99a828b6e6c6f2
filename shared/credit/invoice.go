package credit

import (
	"math/big"

	"windfall/shared/money"
)

// Unpaid notes whether an invoice is void or written off: what it used comes back. A
// voided one gives it back at Stripe, too, and Posts knows what is left to do.
func (a Account) Unpaid(invoice string, unpaid bool) Account {
	return a.each(invoice, func(e *Entry) { e.Unpaid = unpaid })
}

// Refunded notes how much of what was paid of an invoice went back: the same share of
// the credits does, rounded down.
func (a Account) Refunded(invoice string, back, paid money.Amount) Account {
	if paid <= 0 {
		return a
	}
	return a.each(invoice, func(e *Entry) {
		share := new(big.Int).Mul(big.NewInt(int64(e.Amount)), big.NewInt(int64(min(back, paid))))
		e.Refunded = money.Amount(share.Quo(share, big.NewInt(int64(paid))).Int64())
	})
}

// FromBalance is what credits on the balance paid of an invoice: its total does not tell.
func (a Account) FromBalance(invoice string) (sum money.Amount) {
	for _, g := range a.Grants {
		if e := g.entry(invoice); e != nil {
			sum += e.Balance
		}
	}
	return sum
}

// each changes the entries of an invoice. What no balance at Stripe has comes back, or
// goes, at once.
func (a Account) each(invoice string, note func(*Entry)) Account {
	a = a.clone()
	for i := range a.Grants {
		g := &a.Grants[i]
		e := g.entry(invoice)
		if e == nil || e.Reserved { // of a draft nothing can come back
			continue
		}
		note(e)
		if g.ForAll() && g.Posted {
			continue
		}
		if back := e.owed() - e.Returned; back > 0 {
			g.giveBack(back, invoice)
		} else {
			some := min(-back, g.Remaining)
			e.Returned, g.Remaining = e.Returned-some, g.Remaining-some
		}
	}
	return a
}
