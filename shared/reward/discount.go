package reward

import (
	"slices"

	"windfall/shared/money"
)

// A Discount takes a percentage or an amount off what it covers.
type Discount struct {
	Percent  money.Decimal  `json:"percent,omitzero"`  // above 0 and up to 100; 0 with Amount
	Amount   money.Amount   `json:"amount,omitzero"`   // off the whole invoice
	Currency money.Currency `json:"currency,omitzero"` // of the invoices that it lowers
	Items    []string       `json:"items,omitempty"`   // the catalog's items that it covers; nil is everything
}

// Covers reports whether a line of an item is lowered.
func (d *Discount) Covers(itemID string) bool {
	return d != nil && (d.Items == nil || slices.Contains(d.Items, itemID))
}

// Price is what one period of an item costs under a discount that runs, exact, in
// minor units: what prorations are counted from. An amount counts in full for
// each item.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations (discounts)
func (d *Discount) Price(itemID string, full money.Amount) money.Decimal {
	price := money.Int(int64(full))
	switch {
	case !d.Covers(itemID) || full <= 0:
		return price
	case d.Amount > 0:
		return money.Int(int64(max(0, full-d.Amount)))
	}
	return price.Mul(money.Int(100).Sub(d.Percent)).Shift(-2)
}

// A Charge is a line of an invoice before its discount.
type Charge struct {
	ItemID string
	Amount money.Amount
}

// Off is what a discount takes off each line of one invoice.
//
//   - A percentage is rounded line by line, half away from zero.
//   - An amount is no more than what it covers, and is spread in proportion,
//     rounded down; the last line takes the rest, as far as it can hold it.
//   - Lines of nothing, and credits, take no part.
func (d *Discount) Off(lines []Charge) []money.Amount {
	off := make([]money.Amount, len(lines))
	var covered []int
	var sum money.Amount
	for i, l := range lines {
		if l.Amount > 0 && d.Covers(l.ItemID) {
			covered, sum = append(covered, i), sum+l.Amount
		}
	}
	if len(covered) == 0 {
		return off
	}
	if d.Amount == 0 {
		for _, i := range covered {
			part := money.Int(int64(lines[i].Amount)).Mul(d.Percent).Shift(-2)
			off[i] = min(lines[i].Amount, d.Currency.Round(part))
		}
		return off
	}
	return d.spread(off, lines, covered, sum)
}

func (d *Discount) spread(off []money.Amount, lines []Charge, covered []int, sum money.Amount) []money.Amount {
	whole := min(d.Amount, sum)
	rest, last := whole, covered[len(covered)-1]
	for _, i := range covered[:len(covered)-1] {
		part := money.Int(int64(whole)).Mul(money.Int(int64(lines[i].Amount)))
		off[i] = money.Amount(part.Div(money.Int(int64(sum))).Floor().IntPart())
		off[i] -= off[i] % d.Currency.Step()
		rest -= off[i]
	}
	for n := len(covered) - 2; n >= 0 && rest > lines[last].Amount; n-- { // what the last can't hold
		i := covered[n]
		more := min(rest-lines[last].Amount, lines[i].Amount-off[i])
		off[i], rest = off[i]+more, rest-more
	}
	off[last] = rest
	return off
}
