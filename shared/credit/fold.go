package credit

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// A Transaction is one line in the ledger of a customer's balance at Stripe. Below 0 it
// is credit for the customer.
//
// Source: https://docs.stripe.com/api/customer_balance_transactions/object
type Transaction struct {
	ID      string       `json:"id,omitzero"`
	Amount  money.Amount `json:"amount,omitzero"`
	Ending  money.Amount `json:"ending,omitzero"` // the balance after it
	Invoice string       `json:"invoice,omitzero"`
	Unused  bool         `json:"unused,omitzero"` // of the invoice: it gives back what it had used
	At      time.Time    `json:"at,omitzero"`
	Post    Post         `json:"post,omitzero"` // what of ours it is; else zero
}

// Gone is the account after its Stripe customer was deleted there. What is left is put
// on the balance of the next one.
func (a Account) Gone(stripeID string) Account {
	a = a.clone().at("")
	a.Lost = stripeID
	return a
}

// NotKnown is the account after Stripe said that it knows no such customer, and not that
// they were deleted: the key may be another account's. Nothing of it is given up.
func (a Account) NotKnown(stripeID string, now time.Time) Account {
	a.Unknown, a.Asked = stripeID, now
	return a
}

// Book books transactions in the order of the ledger, which must follow the last one
// that is booked. The same ones may come again.
//
//   - What an invoice, or staff, take off the balance is first the customer's own
//     credit, then that of the grants: those that expire soonest first, then the
//     oldest. The rest is a debt.
//   - What an invoice gives back goes to the grants that paid it, the newest first.
//   - Any other credit pays the debt, and is the customer's own.
//   - What we put there ourselves moves its grant: here and not when it was asked for,
//     as Stripe may have used the grant meanwhile.
//
// A customer whose balance was read is neither lost nor unknown.
func (a Account) Book(stripeID string, all []Transaction) Account {
	a = a.clone().at(stripeID)
	a.Unknown, a.Asked = "", time.Time{}
	if a.Lost == stripeID {
		a.Lost = ""
	}
	if i := slices.IndexFunc(all, func(t Transaction) bool { return t.ID == a.Cursor }); i >= 0 {
		all = all[i+1:]
	}
	for _, t := range all {
		if a.Cursor == "" {
			if t.Post.Key == "" {
				continue // before any grant
			}
			before := t.Ending - t.Amount
			a.Own, a.Debt = max(0, -before), max(0, before)
		}
		a.Cursor = t.ID
		a.book(t)
	}
	return a
}

// at is the account at a Stripe customer: at another one than before, what is left is
// to be posted anew.
func (a Account) at(stripeID string) Account {
	if a.StripeID == stripeID {
		return a
	}
	a.StripeID, a.Cursor, a.Own, a.Debt, a.Over = stripeID, "", 0, 0, nil
	for i := range a.Grants {
		a.Grants[i].Posted = false
	}
	return a
}

func (a *Account) book(t Transaction) {
	switch g := a.Grant(t.Post.GrantID); {
	case t.Post.Kind == Excessive:
		a.Over = slices.DeleteFunc(a.Over, func(e Excess) bool { return e.Transaction == t.Post.Invoice })
		a.credit(-t.Amount)
	case t.Post.Key != "" && g != nil:
		a.bookOurs(g, t)
	case t.Amount > 0:
		a.debit(t)
	case t.Unused:
		a.credit(a.giveBack(t))
	default:
		a.credit(-t.Amount)
	}
}

func (a *Account) bookOurs(g *Grant, t Transaction) {
	switch t.Post.Kind {
	case Excessive: // of no grant
	case Granting:
		g.Posted = true
	case Expiring:
		some := min(t.Amount, g.Remaining)
		g.Remaining, g.Expired, g.Ends = g.Remaining-some, g.Expired+some, g.Ends+1
		a.over(t, g.Currency, t.Amount-some)
	case Doubled:
		if e := g.entry(t.Post.Invoice); e != nil {
			e.Posts, e.Twice = e.Posts+1, e.Twice-t.Amount
		}
		a.owe(t.Amount)
	case Returning:
		e := g.entry(t.Post.Invoice)
		if e == nil {
			return
		}
		if e.Posts++; t.Amount < 0 {
			again := -t.Amount - g.giveBack(-t.Amount, e.Invoice) // Stripe was faster
			e.Twice += again
			a.credit(again)
			return
		}
		some := min(t.Amount, e.Returned, g.Remaining)
		e.Returned, g.Remaining = e.Returned-some, g.Remaining-some
		a.over(t, g.Currency, t.Amount-some)
	}
}

// over notes what one of our own transactions took off the balance that was not its
// grant's any more.
func (a *Account) over(t Transaction, in money.Currency, amount money.Amount) {
	if amount > 0 {
		a.Over = append(a.Over, Excess{t.ID, amount, in, t.At})
		a.owe(amount)
	}
}

func (a *Account) debit(t Transaction) {
	rest, of := t.Amount, t.Invoice
	if of == "" {
		of = t.ID
	}
	own := min(rest, a.Own)
	a.Own, rest = a.Own-own, rest-own
	for _, g := range a.usedFirst() {
		if g.ForAll() && g.Posted {
			rest -= g.pay(rest, of, t.At)
		}
	}
	a.Debt += rest
}

func (a *Account) owe(amount money.Amount) {
	own := min(amount, a.Own)
	a.Own, a.Debt = a.Own-own, a.Debt+amount-own
}

func (a *Account) credit(amount money.Amount) {
	paid := min(amount, a.Debt)
	a.Debt, a.Own = a.Debt-paid, a.Own+amount-paid
}

// giveBack gives what an invoice had used back to its grants, and returns what is the
// customer's own then. What we had given back before is nobody's, and is taken off again.
func (a *Account) giveBack(t Transaction) money.Amount {
	rest, twice := -t.Amount, money.Amount(0)
	grants := a.usedFirst()
	slices.Reverse(grants)
	for _, g := range grants {
		e := g.entry(t.Invoice)
		if e == nil || !g.ForAll() {
			continue
		}
		some := min(rest, e.Balance-e.ByStripe)
		again := some - g.giveBack(some, t.Invoice)
		e.ByStripe, e.Twice = e.ByStripe+some, e.Twice+again
		rest, twice = rest-some, twice+again
	}
	return rest + twice
}

// Balance is what the balance at Stripe must be: below 0 is credit.
func (a Account) Balance() money.Amount {
	sum := a.Debt - a.Own
	for _, g := range a.Grants {
		if g.ForAll() && g.Posted {
			sum -= g.Remaining
		}
	}
	return sum
}
