package credit

import (
	"cmp"
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
	Currency     money.Currency // "" is any

	Draft   bool
	Lines   int          // how many there are
	Total   money.Amount // less what they pay
	Charges []Charge
	Paid    map[string]money.Amount
}

// mostUses is how many grants pay one invoice by lines of their own, and mostLines what
// it has of lines then. What is left of others pays the next one. Our choice.
//
// Source: https://docs.stripe.com/changelog/2016-02-22/no-more-than-250-invoice-items
const (
	mostUses  = 100
	mostLines = 240
)

// A Use is what a grant for some prices is to pay of an invoice: by a line that is
// below 0.
type Use struct {
	GrantID  string         `json:"grant_id,omitzero"`
	RewardID string         `json:"reward_id,omitzero"`
	Currency money.Currency `json:"currency,omitzero"`
	ItemID   string         `json:"item_id,omitzero"` // one of those that it pays for here …
	Items    []string       `json:"items,omitempty"`  // … and all of them
	Amount   money.Amount   `json:"amount,omitzero"`
}

// open is what of an invoice nothing pays yet, by its items and in all.
type open struct {
	charges []Charge
	of      map[string]money.Amount
	most    money.Amount
}

// take uses up to an amount for some items, and returns how much that was and the
// first item of it.
func (o *open) take(amount money.Amount, items []string) (paid money.Amount, first string) {
	some := min(amount, o.most)
	for _, c := range o.charges {
		if part := min(some-paid, o.of[c.ItemID]); slices.Contains(items, c.ItemID) && part > 0 {
			o.of[c.ItemID], paid = o.of[c.ItemID]-part, paid+part
			first = cmp.Or(first, c.ItemID)
		}
	}
	o.most -= paid
	return paid, first
}

// Use decides what grants for some prices pay of an invoice, and reserves that: no more
// than is charged for these prices, and than it comes to. on names the invoice, or the
// operation that makes it; asked again, it answers what is reserved and not on it yet.
// A line that nothing is reserved for, as that was given back before the line came, is
// reserved.
func (a Account) Use(on string, b Bill, now time.Time) (Account, []Use) {
	a = a.clone()
	left, uses := open{b.Charges, map[string]money.Amount{}, b.Total}, []Use(nil)
	for _, c := range b.Charges {
		left.of[c.ItemID] += c.Amount
	}
	for _, paid := range b.Paid {
		left.most += paid
	}
	grants, room := a.usedFirst(), min(mostUses, mostLines-b.Lines)
	for _, g := range grants {
		e, paid := g.entry(on), b.Paid[g.ID]
		if e == nil && paid == 0 {
			continue
		}
		if e == nil {
			_, first := left.take(paid, g.Items)
			g.reserve(on, first, paid, now)
			continue
		}
		left.take(e.Amount, g.Items)
		if e.Reserved && paid == 0 {
			uses, room = append(uses, g.use(e.ItemID, e.Amount)), room-1
		}
	}
	for _, g := range grants {
		if g.entry(on) != nil || g.ForAll() || g.over(now) || g.Remaining <= 0 || room <= 0 ||
			b.Currency != "" && g.Currency != "" && g.Currency != b.Currency {
			continue
		}
		if paid, first := left.take(g.Remaining, g.Items); paid > 0 {
			g.reserve(on, first, paid, now)
			uses, room = append(uses, g.use(first, paid)), room-1
		}
	}
	return a, uses
}

func (g *Grant) use(itemID string, amount money.Amount) Use {
	return Use{g.ID, g.RewardID, g.Currency, itemID, g.Items, amount}
}

func (g *Grant) reserve(on, itemID string, amount money.Amount, now time.Time) {
	if some := min(amount, g.Remaining); some > 0 {
		g.Remaining -= some
		g.Entries = append(g.Entries, Entry{Invoice: on, Amount: some, Reserved: true, ItemID: itemID, At: now})
	}
}

// Reserve reserves what was decided to be used.
func (a Account) Reserve(on string, uses []Use, now time.Time) Account {
	a = a.clone()
	for _, u := range uses {
		if g := a.Grant(u.GrantID); g != nil && g.entry(on) == nil {
			g.reserve(on, u.ItemID, u.Amount, now)
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

// Settled books what an issued invoice has of each grant: that alone counts, whatever
// was reserved for it, or for the operation that made it. What was reserved beyond is
// the customer's again; what was not is taken as far as it is left. A draft that is
// never issued has nothing.
func (a Account) Settled(invoice, operation string, paid map[string]money.Amount, now time.Time) Account {
	a = a.clone()
	for i := range a.Grants {
		g := &a.Grants[i]
		reserved := Entry{At: now}
		g.Entries = slices.DeleteFunc(g.Entries, func(e Entry) bool {
			gone := e.Reserved && (e.Invoice == invoice || operation != "" && e.Invoice == operation)
			if gone {
				g.Remaining, reserved = g.Remaining+e.Amount, e
			}
			return gone
		})
		e := g.entry(invoice)
		if e == nil {
			e = &Entry{Invoice: invoice, At: reserved.At}
		}
		more := min(paid[g.ID]-e.Amount, g.Remaining) // below 0 where the entry has what grants paid that are one now
		if more <= 0 {
			continue
		}
		g.Remaining -= more
		if e.Amount += more; e.Amount == more {
			g.Entries = append(g.Entries, *e)
		}
	}
	return a
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

// AlonePrefix begins the keys of use that is billed on an invoice of its own.
const AlonePrefix = "alone_"

// Abandoned gives back what was reserved before a moment for use on an invoice of its
// own which nobody bills under that key any more: another invoice has it. If one is
// issued after all, it is booked with its event.
func (a Account) Abandoned(before time.Time, billed ...string) Account {
	for _, g := range a.Grants {
		for _, e := range g.Entries {
			if e.Reserved && strings.HasPrefix(e.Invoice, AlonePrefix) && e.At.Before(before) && !slices.Contains(billed, e.Invoice) {
				a = a.Released(e.Invoice)
			}
		}
	}
	return a
}

// Released gives back what was reserved for an operation that came to nothing.
func (a Account) Released(operation string) Account {
	return a.Settled(operation, "", nil, time.Time{})
}

// Scoped reports whether any grant is for some prices, and has something left or
// reserved.
func (a Account) Scoped() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return !g.ForAll() && (g.Remaining > 0 || slices.ContainsFunc(g.Entries, func(e Entry) bool { return e.Reserved }))
	})
}
