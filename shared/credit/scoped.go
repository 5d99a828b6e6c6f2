package credit

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/money"
)

// A Charge is what an invoice charges for an item, less its discounts.
type Charge struct {
	ItemID string
	Amount money.Amount
}

// A Bill is what an invoice charges, and what credits for some prices pay of it by the
// ids of their grants.
type Bill struct {
	Subscription string

	Draft   bool
	Total   money.Amount // less what they pay
	Charges []Charge
	Paid    map[string]money.Amount
}

// A Use is what a grant for some prices is to pay of an invoice: by a line that is
// below 0.
type Use struct {
	GrantID  string       `json:"grant_id,omitzero"`
	RewardID string       `json:"reward_id,omitzero"`
	ItemID   string       `json:"item_id,omitzero"` // one of those that it pays for here …
	Items    []string     `json:"items,omitempty"`  // … and all of them
	Amount   money.Amount `json:"amount,omitzero"`
}

// Use decides what grants for some prices pay of an invoice, and reserves that: no more
// than is charged for these prices, and than most in all. on names the invoice, or the
// operation that makes it; asked again, it answers what is reserved.
func (a Account) Use(on string, charges []Charge, most money.Amount, now time.Time) (Account, []Use) {
	a = a.clone()
	open, uses := map[string]money.Amount{}, []Use(nil)
	for _, c := range charges {
		open[c.ItemID] += c.Amount
	}
	for _, g := range a.usedFirst() {
		if e := g.entry(on); e != nil {
			if e.Reserved {
				uses = append(uses, Use{g.ID, g.RewardID, e.ItemID, g.Items, e.Amount})
			}
			continue
		}
		if g.ForAll() || g.over(now) || g.Remaining <= 0 {
			continue
		}
		some, paid, first := min(g.Remaining, most), money.Amount(0), ""
		for _, c := range charges {
			if part := min(some-paid, open[c.ItemID]); slices.Contains(g.Items, c.ItemID) && part > 0 {
				open[c.ItemID], paid = open[c.ItemID]-part, paid+part
				if first == "" {
					first = c.ItemID
				}
			}
		}
		if paid > 0 {
			g.Remaining, most = g.Remaining-paid, most-paid
			g.Entries = append(g.Entries, Entry{Invoice: on, Amount: paid, Reserved: true, ItemID: first, At: now})
			uses = append(uses, Use{g.ID, g.RewardID, first, g.Items, paid})
		}
	}
	return a, uses
}

// Reserve reserves what was decided to be used.
func (a Account) Reserve(on string, uses []Use, now time.Time) Account {
	a = a.clone()
	for _, u := range uses {
		if g := a.Grant(u.GrantID); g != nil && g.entry(on) == nil {
			some := min(u.Amount, g.Remaining)
			g.Remaining -= some
			g.Entries = append(g.Entries, Entry{Invoice: on, Amount: some, Reserved: true, ItemID: u.ItemID, At: now})
		}
	}
	return a
}

// Paid is what uses come to, by their grants.
func Paid(uses []Use) map[string]money.Amount {
	paid := map[string]money.Amount{}
	for _, u := range uses {
		paid[u.GrantID] += u.Amount
	}
	return paid
}

// Covered is what an invoice charges for some items, and no less than 0.
func Covered(charges []Charge, items []string) (sum money.Amount) {
	for _, c := range charges {
		if slices.Contains(items, c.ItemID) {
			sum += c.Amount
		}
	}
	return max(0, sum)
}

// Settled books what an invoice has of what was reserved for it, or for the operation
// that made it: paid says what it has of each grant. The rest is the customer's again.
func (a Account) Settled(invoice, operation string, paid map[string]money.Amount) Account {
	a = a.clone()
	for i := range a.Grants {
		g := &a.Grants[i]
		for n := range g.Entries {
			e := &g.Entries[n]
			if !e.Reserved || e.Invoice != invoice && (operation == "" || e.Invoice != operation) {
				continue
			}
			e.Invoice, e.Reserved = invoice, false
			if rest := e.Amount - paid[g.ID]; rest > 0 {
				e.Amount, g.Remaining = e.Amount-rest, g.Remaining+rest
			}
		}
		g.Entries = slices.DeleteFunc(g.Entries, func(e Entry) bool { return e.Amount == 0 })
	}
	return a
}

// Reserves reports whether something is reserved for an invoice, or for the operation
// that made it.
func (a Account) Reserves(invoice, operation string) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return slices.ContainsFunc(g.Entries, func(e Entry) bool {
			return e.Reserved && (e.Invoice == invoice || operation != "" && e.Invoice == operation)
		})
	})
}

// ReservedFor lists the invoices that something is reserved for.
func (a Account) ReservedFor() (ids []string) {
	for _, g := range a.Grants {
		for _, e := range g.Entries {
			if e.Reserved && strings.HasPrefix(e.Invoice, invoicePrefix) && !slices.Contains(ids, e.Invoice) {
				ids = append(ids, e.Invoice)
			}
		}
	}
	return ids
}

// invoicePrefix begins the ids of invoices at Stripe.
const invoicePrefix = "in_"

// Released gives back what was reserved for an operation that came to nothing.
func (a Account) Released(operation string) Account { return a.Settled(operation, "", nil) }

// Scoped reports whether any grant is for some prices, and has something left or
// reserved.
func (a Account) Scoped() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return !g.ForAll() && (g.Remaining > 0 || slices.ContainsFunc(g.Entries, func(e Entry) bool { return e.Reserved }))
	})
}
