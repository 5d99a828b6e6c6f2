// Package credit books the invoice credits of a customer: money that was given, and
// pays invoices until it is used up or expires. It is pure, and knows of Stripe only
// what stands in the ledger of a customer's balance.
//
// Of every grant, at any time: Granted = what its entries come to, less what they gave
// back, + Remaining + Expired.
package credit

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"windfall/shared/money"
)

// An Account is the credits of one customer, with the balance at Stripe that has those
// for all prices.
type Account struct {
	Grants   []Grant      `json:"grants,omitempty"`   // in the order in which they were given
	StripeID string       `json:"stripe_id,omitzero"` // whose balance it follows
	Cursor   string       `json:"cursor,omitzero"`    // the last transaction of the balance that is booked
	Own      money.Amount `json:"own,omitzero"`       // of the balance: the customer's own credit
	Debt     money.Amount `json:"debt,omitzero"`      // of the balance: what the customer owes
	Lost     string       `json:"lost,omitzero"`      // a Stripe customer who was deleted there, with the balance
	Unknown  string       `json:"unknown,omitzero"`   // a Stripe customer whom the key does not know, which may be the key's fault …
	Asked    time.Time    `json:"asked,omitzero"`     // … when it was asked last
	Over     []Excess     `json:"over,omitempty"`     // what we took off the balance and must give back
	Version  int64        `json:"-"`
}

// A Grant is credits that were given at once.
type Grant struct {
	ID       string         `json:"id,omitzero"` // "cg_…"
	RewardID string         `json:"reward_id,omitzero"`
	Code     string         `json:"code,omitzero"`
	Currency money.Currency `json:"currency,omitzero"`
	Scoped   bool           `json:"scoped,omitzero"` // they pay for Items alone, of which there may be none
	Items    []string       `json:"items,omitempty"`

	Granted   money.Amount `json:"granted,omitzero"`
	Remaining money.Amount `json:"remaining,omitzero"`
	Expired   money.Amount `json:"expired,omitzero"`
	Before    money.Amount `json:"before,omitzero"` // what it paid in entries that are kept no more, less what came back

	At      time.Time `json:"at,omitzero"`
	Expires time.Time `json:"expires,omitzero"` // zero is never

	Posted  bool    `json:"posted,omitzero"`   // the balance at Stripe has them
	Ends    int     `json:"ends,omitzero"`     // how often what remained expired
	Entries []Entry `json:"entries,omitempty"` // in the order in which they were made
}

// An Entry is what a grant paid of one invoice.
type Entry struct {
	Invoice  string       `json:"invoice,omitzero"` // or the transaction that was of none
	Amount   money.Amount `json:"amount,omitzero"`
	Returned money.Amount `json:"returned,omitzero"`  // of Amount
	Reserved bool         `json:"reserved,omitzero"`  // it is asked for, and no invoice was seen that has it
	ItemID   string       `json:"item_id,omitzero"`   // … as a credit of this one
	Unpaid   bool         `json:"unpaid,omitzero"`    // the invoice is void, or nobody will pay it
	Refunded money.Amount `json:"refunded,omitzero"`  // of Amount: the share that went back with what was paid
	Balance  money.Amount `json:"balance,omitzero"`   // of Amount: from the balance at Stripe
	ByStripe money.Amount `json:"by_stripe,omitzero"` // of Amount: what Stripe gave back by itself
	Twice    money.Amount `json:"twice,omitzero"`     // of it: after we had, so that it is to be taken off again
	Posts    int          `json:"posts,omitzero"`     // how often we returned some of it, or took it back
	At       time.Time    `json:"at,omitzero"`
}

// OfInvoice reports whether an invoice used it, and no other transaction.
func (e Entry) OfInvoice() bool { return !strings.HasPrefix(e.Invoice, transactionPrefix) }

// transactionPrefix begins the ids of transactions of a balance.
const transactionPrefix = "cbtxn_"

// An Excess is what one of our transactions took off the balance beyond what a grant
// still had: Stripe had used it for an invoice a moment before.
type Excess struct {
	Transaction string         `json:"transaction,omitzero"`
	Amount      money.Amount   `json:"amount,omitzero"`
	Currency    money.Currency `json:"currency,omitzero"`
	At          time.Time      `json:"at,omitzero"`
}

// With returns the account with one grant more. A grant that is there is not given
// again.
func (a Account) With(g Grant) Account {
	if a.Grant(g.ID) == nil {
		a.Grants = append(slices.Clip(a.Grants), g)
	}
	return a
}

// Grant finds a grant by its id, or returns nil.
func (a Account) Grant(id string) *Grant {
	for i := range a.Grants {
		if a.Grants[i].ID == id {
			return &a.Grants[i]
		}
	}
	return nil
}

// Empty reports whether the customer never had credits.
func (a Account) Empty() bool { return len(a.Grants) == 0 }

// Remaining is what can still be used: of grants that have not expired.
func (a Account) Remaining(now time.Time) (sum money.Amount) {
	for _, g := range a.Grants {
		if !g.over(now) {
			sum += g.Remaining
		}
	}
	return sum
}

// Payable is what is left for the next invoice, whatever it is for.
func (a Account) Payable(now time.Time) (sum money.Amount) {
	for _, g := range a.Grants {
		if g.ForAll() && !g.over(now) {
			sum += g.Remaining
		}
	}
	return sum
}

// Live counts the grants that have something left.
func (a Account) Live() (n int) {
	for _, g := range a.Grants {
		if g.Remaining > 0 {
			n++
		}
	}
	return n
}

// Size is about how many bytes the account is when it is stored.
func (a Account) Size() (bytes int) {
	for _, g := range a.Grants {
		bytes += 300 + 40*len(g.Items) + 200*len(g.Entries)
	}
	return bytes
}

// ReturnedFrom is what came back of each invoice.
func (a Account) ReturnedFrom() map[string]money.Amount {
	returned := map[string]money.Amount{}
	for _, g := range a.Grants {
		for _, e := range g.Entries {
			if e.Returned > 0 {
				returned[e.Invoice] += e.Returned
			}
		}
	}
	return returned
}

// Applied is what the grant has paid, less what came back.
func (g Grant) Applied() money.Amount { return g.Before + applied(g.Entries) }

func (g Grant) over(now time.Time) bool { return !g.Expires.IsZero() && !now.Before(g.Expires) }

// Reversed lets a grant expire now, and what comes back to it later as it does; false for
// one that is not there, or over. took says whether anything remained.
func (a Account) Reversed(id string, now time.Time) (after Account, took, found bool) {
	a = a.clone()
	g := a.Grant(id)
	if g == nil || g.over(now) {
		return a, false, false
	}
	g.Expires = now
	return a, g.Remaining > 0, true
}

// ForAll reports whether the grant pays for everything, so that the balance at Stripe
// has it.
func (g Grant) ForAll() bool { return !g.Scoped }

// clone copies all that a change would share with the account before.
func (a Account) clone() Account {
	a.Grants, a.Over = slices.Clone(a.Grants), slices.Clone(a.Over)
	for i := range a.Grants {
		a.Grants[i].Entries = slices.Clone(a.Grants[i].Entries)
	}
	return a
}

// usedFirst lists the grants in the order in which they are used: those that expire
// soonest first, then the oldest.
func (a Account) usedFirst() []*Grant {
	var all []*Grant
	for i := range a.Grants {
		all = append(all, &a.Grants[i])
	}
	slices.SortStableFunc(all, func(x, y *Grant) int {
		return cmp.Or(never(x).Compare(never(y)), x.At.Compare(y.At), strings.Compare(x.ID, y.ID))
	})
	return all
}

func never(g *Grant) time.Time {
	if g.Expires.IsZero() {
		return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return g.Expires
}

// pay uses some of a grant on the balance for an invoice, and returns how much that was.
func (g *Grant) pay(amount money.Amount, invoice string, at time.Time) money.Amount {
	some := min(amount, g.Remaining)
	if some <= 0 {
		return 0
	}
	g.Remaining -= some
	if e := g.entry(invoice); e != nil {
		e.Amount, e.Balance = e.Amount+some, e.Balance+some
		return some
	}
	g.Entries = append(g.Entries, Entry{Invoice: invoice, Amount: some, Balance: some, At: at})
	return some
}

// giveBack returns some of what a grant paid of an invoice, and says how much.
func (g *Grant) giveBack(amount money.Amount, invoice string) money.Amount {
	e := g.entry(invoice)
	if e == nil {
		return 0
	}
	some := min(amount, e.Amount-e.Returned)
	e.Returned, g.Remaining = e.Returned+some, g.Remaining+some
	return some
}

// owed is what of an entry is to be returned in all, as the invoice stands.
func (e Entry) owed() money.Amount {
	if e.Unpaid {
		return e.Amount
	}
	return min(e.Refunded, e.Amount)
}

func (g *Grant) entry(invoice string) *Entry {
	for i := range g.Entries {
		if g.Entries[i].Invoice == invoice {
			return &g.Entries[i]
		}
	}
	return nil
}

// Since is when the first grant was made: nothing of ours is older.
func (a Account) Since() time.Time {
	if a.Empty() {
		return time.Time{}
	}
	return a.Grants[0].At
}

// Posted reports whether the balance at Stripe has any of the credits.
func (a Account) Posted() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Posted })
}
