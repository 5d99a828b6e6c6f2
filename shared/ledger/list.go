package ledger

import (
	"math/big"
	"slices"
	"time"

	"windfall/shared/money"
)

// atListPrice books the charges of Stripe's for changes at what they would be without a
// discount, less the discount: Stripe credits such time at the list price once the
// discount is over, though less was paid. It needs the period, which another charge of
// the subscription tells.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations (discounts)
func atListPrice(invoices []Invoice, subscriptionID string, present []string) []Invoice {
	begins := map[time.Time]time.Time{} // of periods, by their ends
	for _, in := range invoices {
		for _, l := range in.Lines {
			if l.SubscriptionID != subscriptionID || l.Proration || l.Ours {
				continue
			}
			if begin, known := begins[l.Period.End]; !known || l.Period.Start.Before(begin) {
				begins[l.Period.End] = l.Period.Start
			}
		}
	}
	out := make([]Invoice, len(invoices))
	for i, in := range invoices {
		out[i] = in
		in.Lines = withoutReturns(in.Lines)
		out[i].Lines = make([]Line, len(in.Lines))
		for n, l := range in.Lines {
			begin, known := begins[l.Period.End]
			switch {
			case l.SubscriptionID != subscriptionID || !l.Proration || l.Amount < 0 || l.Withheld || l.Ours:
			case l.Amount == 0 && !comes(l, in.Lines, invoices[i+1:], present):
				l.Free = true
			case l.Amount == 0 && (l.List == nil || !known): // it was charged, for nothing
				l.Amount, l.Off = 1, 1
			case l.List == nil || !known:
			default:
				l = l.at(money.Period{Start: begin, End: l.Period.End}, in.Currency)
			}
			out[i].Lines[n] = l
		}
	}
	return out
}

// withoutReturns leaves out what one invoice charges for an item and credits again, as
// two changes that waited for it do.
func withoutReturns(lines []Line) (rest []Line) {
	gone := map[int]bool{}
	for i, charge := range lines {
		if charge.Amount <= 0 || charge.Ours || charge.Withheld || !charge.Proration {
			continue
		}
		for n, l := range lines {
			if !gone[n] && l.Proration && !l.Ours && l.ItemID == charge.ItemID && l.Amount == -charge.Amount && l.Period == charge.Period {
				gone[i], gone[n] = true, true
				break
			}
		}
	}
	for i, l := range lines {
		if !gone[i] {
			rest = append(rest, l)
		}
	}
	return rest
}

// comes reports whether a line of 0 is the charge of an item, and no credit: the item is
// there, or was credited later. Of two for one item the larger one is.
func comes(l Line, beside []Line, later []Invoice, present []string) bool {
	for _, other := range beside {
		if other.ItemID == l.ItemID && other.Amount == 0 && other.List != nil && l.List != nil && other.List.Cmp(l.List) > 0 {
			return false
		}
	}
	credited := func(in Invoice) bool {
		return slices.ContainsFunc(in.Lines, func(other Line) bool { return other.ItemID == l.ItemID && other.Amount < 0 })
	}
	return slices.Contains(present, l.ItemID) || slices.ContainsFunc(later, credited)
}

// gives reports whether a line credits something.
func (l Line) gives() bool { return l.Amount < 0 || l.Free }

// at is a charge at its share of the list price. A cent less is rounding.
func (l Line) at(whole money.Period, c money.Currency) Line {
	left := money.PeriodLeft(whole, l.Period.Start)
	if left.Of <= 0 {
		return l
	}
	share := new(big.Rat).Mul(l.List, big.NewRat(left.Left, left.Of))
	list := new(big.Rat).Add(share, big.NewRat(1, 2))
	if full := money.Amount(new(big.Int).Quo(list.Num(), list.Denom()).Int64()); full > l.Amount+c.Step() {
		l.Amount, l.Off = full, l.Off+full-l.Amount
	}
	return l
}
