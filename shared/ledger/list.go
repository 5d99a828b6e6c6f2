package ledger

import (
	"math/big"
	"time"

	"windfall/shared/money"
)

// atListPrice books the charges of Stripe's for changes at what they would be without a
// discount, less the discount: Stripe credits such time at the list price once the
// discount is over, though less was paid. It needs the period, which another charge of
// the subscription tells.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations (discounts)
func atListPrice(invoices []Invoice, subscriptionID string) []Invoice {
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
		out[i].Lines = make([]Line, len(in.Lines))
		for n, l := range in.Lines {
			if begin, known := begins[l.Period.End]; known && l.SubscriptionID == subscriptionID && l.Proration && l.Amount > 0 && l.List != nil && !l.Withheld && !l.Ours {
				l = l.at(money.Period{Start: begin, End: l.Period.End})
			}
			out[i].Lines[n] = l
		}
	}
	return out
}

// at is a charge at its share of the list price. A cent less is rounding.
func (l Line) at(whole money.Period) Line {
	left := money.PeriodLeft(whole, l.Period.Start)
	if left.Of <= 0 {
		return l
	}
	share := new(big.Rat).Mul(l.List, big.NewRat(left.Left, left.Of))
	list := new(big.Rat).Add(share, big.NewRat(1, 2))
	if full := money.Amount(new(big.Int).Quo(list.Num(), list.Denom()).Int64()); full > l.Amount+1 {
		l.Amount, l.Off = full, l.Off+full-l.Amount
	}
	return l
}
