package billing

import (
	"math/big"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/ledger"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// UnpaidUse begins the names of lines that take a credit back.
const UnpaidUse = "unpaid_"

// A paidTime says how much of what a command gives up was paid.
type paidTime struct {
	worth    func(itemID string, at time.Time) ledger.Valuation
	read     bool // the invoices were read
	currency money.Currency
}

// ledger books the invoices for one subscription. Without any nothing is known,
// and all of it counts as paid.
func (s State) ledger(c *catalog.Catalog, billed Bills, subscriptionID string, now time.Time) paidTime {
	if billed.Books == nil {
		return paidTime{worth: ledger.Unread, currency: c.Currency()}
	}
	var present []string
	s = s.WithMoved(billed.Moved)
	before := map[string][]string{}
	for _, cp := range s.Products {
		if cp.SubscriptionID == subscriptionID && cp.Running(now) {
			for _, item := range ProductOf(c, cp).Items {
				present = append(present, item.ID)
				if item.InArrears() {
					before[item.ID] = s.earlier(c, item, now)
				}
			}
		}
	}
	billed.Invoices = s.withTiers(c, withoutReturned(billed.Invoices, s.Credits.ReturnedFrom()))
	return paidTime{billed.Books(billed.Billed, subscriptionID, present, before), len(billed.Invoices) > 0, c.Currency()}
}

// withTiers tells the ledger what prices with tiers cost, which Stripe's lines don't.
func (s State) withTiers(c *catalog.Catalog, invoices []ledger.Invoice) []ledger.Invoice {
	own := map[string]catalog.Item{}
	for _, cp := range s.Products {
		for _, item := range ProductOf(c, cp).Items {
			own[item.ID] = item
		}
	}
	for i := range invoices {
		invoices[i].Lines = slices.Clone(invoices[i].Lines)
		for n := range invoices[i].Lines {
			l := &invoices[i].Lines[n]
			if l.List != nil || !l.Proration || l.Quantity <= 0 {
				continue
			}
			item, known := own[l.ItemID]
			if !known {
				_, item, known = c.ItemOf(l.ItemID)
			}
			if known && item.Priced() {
				if cost, err := item.Charge(money.Int(l.Quantity), c.Currency()); err == nil {
					l.List = new(big.Rat).SetInt64(int64(cost))
				}
			}
		}
	}
	return invoices
}

// withoutReturned takes what credits gave back of invoices off what is paid of them.
func withoutReturned(invoices []ledger.Invoice, returned map[string]money.Amount) []ledger.Invoice {
	out := slices.Clone(invoices)
	for i := range out {
		out[i].Paid = max(0, out[i].Paid-returned[out[i].ID])
	}
	return out
}

// earlier lists the items that were for the same seats and that the customer holds no
// more: a version may have been taken over without a charge, or staff have exchanged
// the product at Stripe.
func (s State) earlier(c *catalog.Catalog, item catalog.Item, now time.Time) (ids []string) {
	held := map[string]bool{item.ID: true}
	for _, cp := range s.Products {
		if cp.Running(now) {
			for _, other := range ProductOf(c, cp).Items {
				held[other.ID] = true
			}
		}
	}
	gone := func(p catalog.Product) {
		for _, other := range p.Items {
			if other.FeatureID == item.FeatureID && other.InArrears() && !held[other.ID] {
				held[other.ID] = true
				ids = append(ids, other.ID)
			}
		}
	}
	for _, versions := range c.Products {
		for _, p := range versions {
			gone(p)
		}
	}
	for _, cp := range s.Products { // items of one customer's own are in no catalog
		gone(ProductOf(c, cp))
	}
	slices.Sort(ids)
	return ids
}

// seats is how much of a credit for all seats of an item was paid.
func (l paidTime) seats(credit Line, at time.Time, counts func(ledger.Backing) *big.Rat) money.Amount {
	value := l.worth(credit.ItemID, at)
	if !l.read {
		return -credit.Amount
	}
	return shareOf(-credit.Amount, -credit.Amount, counts(value.Backing), l.currency)
}

// Share is the share of a credit in what was paid for all seats of its item; full is
// the credit without a limit.
func (limit *PaidLimit) Share(full money.Amount, billed Bills, itemID string, at time.Time, c money.Currency) money.Amount {
	billed.Invoices = withoutReturned(billed.Invoices, limit.Returned)
	before := map[string][]string{itemID: limit.Before}
	value := ledger.Of(billed.For(limit.SubscriptionID), limit.SubscriptionID, []string{itemID}, before).Worth(itemID, at)
	return shareOf(full, limit.All, value.Paid, c)
}

// shareOf is the part of a credit for some seats that what is good of all of them
// pays for. The last cent is the customer's, as Stripe rounds as well.
func shareOf(full, all money.Amount, good *big.Rat, c money.Currency) money.Amount {
	if all <= 0 {
		return 0
	}
	if new(big.Rat).Add(good, big.NewRat(int64(c.Step()), 1)).Cmp(new(big.Rat).SetInt64(int64(all))) > 0 {
		return full
	}
	return nearest(new(big.Rat).Mul(new(big.Rat).SetInt64(int64(full)), new(big.Rat).Quo(good, new(big.Rat).SetInt64(int64(all)))), c)
}

// nearest rounds an amount of 0 or more to the nearest cent, as Stripe does.
func nearest(some *big.Rat, c money.Currency) money.Amount {
	return whole(new(big.Rat).Add(some, big.NewRat(int64(c.Step()), 2)), c)
}

// whole cuts what is less than a cent off, or less than the currency's step.
func whole(some *big.Rat, c money.Currency) money.Amount {
	steps := new(big.Rat).Quo(some, big.NewRat(int64(c.Step()), 1))
	return money.Amount(new(big.Int).Quo(steps.Num(), steps.Denom()).Int64()) * c.Step()
}

// credited is how much of a credit was paid for; counts says what of the backing
// is as good as paid.
func (l paidTime) credited(credit Line, at time.Time, counts func(ledger.Backing) *big.Rat) money.Amount {
	full := -credit.Amount
	value := l.worth(credit.ItemID, at)
	good, itself := counts(value.Backing), value.Itself
	switch {
	case !value.Known:
		return full
	case itself && good.Cmp(value.All) >= 0:
		if charged := l.ceil(value.All); full > charged+l.currency.Step() { // units that came without a charge; a cent is rounding
			return charged
		}
		return full
	case itself && full <= l.ceil(good): // it is lower than what was paid: a discount runs
		return full
	case itself: // never more than was paid; a discount that runs may have lowered the credit below that
		list := new(big.Rat).SetInt64(int64(nearest(value.All, l.currency)))
		part := list.Mul(list, new(big.Rat).Quo(good, value.All))
		return min(full, whole(part, l.currency))
	}
	return min(full, l.ceil(good)) // Stripe rounds as well
}

// ceil rounds up to a cent, or to the currency's step.
func (l paidTime) ceil(some *big.Rat) money.Amount {
	steps := new(big.Rat).Quo(some, big.NewRat(int64(l.currency.Step()), 1))
	up := new(big.Int).Add(steps.Num(), new(big.Int).Sub(steps.Denom(), big.NewInt(1)))
	return money.Amount(up.Quo(up, steps.Denom()).Int64()) * l.currency.Step()
}

// withheld returns lines that take back what credits of Stripe's give for time
// that was not paid.
func (l paidTime) withheld(credits []Line, at time.Time, counts func(Line, ledger.Backing) *big.Rat) []Line {
	var held []Line
	given := new(big.Rat) // of what left without a credit: it pays for all that came together
	for _, line := range credits {
		itself := l.worth(line.ItemID, at).Itself
		good := l.credited(line, at, func(b ledger.Backing) *big.Rat {
			if itself {
				return counts(line, b)
			}
			left := new(big.Rat).Sub(counts(line, b), given)
			if left.Sign() < 0 {
				left.SetInt64(0)
			}
			return left
		})
		if !itself {
			given.Add(given, new(big.Rat).SetInt64(int64(good)))
		}
		rest := -line.Amount - good
		if rest > 0 {
			line.Amount, line.Description = rest, "Not paid, so not credited: "+line.Description
			held = append(held, line)
		}
	}
	return held
}

// paidOnly counts what was paid. What an end leaves uncollected never will be.
func paidOnly(_ Line, b ledger.Backing) *big.Rat { return b.Paid }

// withheldUsage asks Stripe for such lines on the invoice that has its credits.
func withheldUsage(name string, held []Line, c *catalog.Catalog, cp CustomerProduct, currency money.Currency, at time.Time) []NewUsage {
	var asked []NewUsage
	for _, l := range held {
		asked = append(asked, NewUsage{List: l.List, ListAll: l.List, Name: name + "_" + l.ItemID, ItemID: l.ItemID, PriceID: c.StripePrices[l.ItemID],
			Period: money.Period{Start: at, End: later(cp.Period.End, at.Add(time.Second))}, Amount: l.Amount, Currency: currency, Description: l.Description, Since: at})
	}
	return asked
}

// credits limits the credits of a change to what was paid. Time that an invoice
// is still owed for can't be changed away: neither is it credited, nor charged
// twice. More of the same is not given up, so it only costs the difference.
func (ch change) credits(credits, added []Line, at time.Time) ([]Line, error) {
	paid := ch.ledger(ch.Catalog, ch.Billed, ch.current.SubscriptionID, ch.cmd.Now)
	more := func(l Line) bool {
		return slices.ContainsFunc(added, func(a Line) bool {
			return a.ItemID == l.ItemID && a.Quantity.GreaterThan(l.Quantity) && a.Amount >= -l.Amount
		})
	}
	if slices.ContainsFunc(credits, func(l Line) bool { return !more(l) && paid.owed(l, at) }) {
		return nil, ch.errUnpaid()
	}
	return paid.withheld(credits, at, func(l Line, b ledger.Backing) *big.Rat {
		good := new(big.Rat).Add(b.Paid, b.Coming)
		if more(l) {
			good.Add(good, b.Owed)
		}
		return good
	}), nil
}

func (l paidTime) owed(credit Line, at time.Time) bool {
	return l.worth(credit.ItemID, at).Owed.Sign() > 0
}

// paidSeats limits the credit of seats that end with a change to what was paid.
func (ch change) paidSeats(lines []Line) ([]Line, error) {
	paid := ch.ledger(ch.Catalog, ch.Billed, ch.current.SubscriptionID, ch.cmd.Now)
	var out []Line
	for _, l := range lines {
		if l.Amount < 0 {
			if paid.owed(l, ch.cmd.Now) {
				return nil, ch.errUnpaid()
			}
			l.List, l.Amount = -l.Amount, -paid.seats(l, ch.cmd.Now, func(b ledger.Backing) *big.Rat { return new(big.Rat).Add(b.Paid, b.Coming) })
		}
		if l.Amount != 0 || l.List != 0 {
			out = append(out, l)
		}
	}
	return out, nil
}

// nonzero leaves out lines of 0: they tell our books of seats, and a person of nothing.
func nonzero(lines []Line) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Amount == 0 })
}

// overdue refuses a charge for what a payment is overdue for: once it is paid,
// Stripe would call the subscription paid, and access would come back.
func (ch change) overdue() error {
	if ch.current.At(ch.cmd.Now) == PastDue {
		return refusal.Invalid(ReasonPaymentOverdue, ch.from.ID)
	}
	return nil
}

func (ch change) errUnpaid() error { return refusal.Invalid(ReasonPeriodUnpaid, ch.from.ID) }
