package stripesim

import (
	"slices"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

// total works out a draft: discounts over its lines, the tax of what is left, then
// what is due after the customer's balance.
func (t *tx) total(inv *object.Invoice) {
	inv.Subtotal = 0
	for _, line := range inv.Lines.Data {
		inv.Subtotal += line.Amount
	}
	off := t.discountLines(inv)
	over, within := t.taxLines(inv)
	inv.Total = inv.Subtotal - off + over
	inv.SubtotalExcludingTax, inv.TotalExcludingTax = ptr(inv.Subtotal-taxWithin(inv)), ptr(inv.Subtotal-off-within)
	if cus, ok := find[*object.Customer](t, string(inv.Customer)); ok {
		inv.StartingBalance = cus.Balance
	}
	if inv.State.SkipBalance {
		inv.StartingBalance = 0
	}
	inv.AmountDue = calc.Due(max(0, inv.Total+inv.StartingBalance), inv.Currency)
	if inv.AmountDue < smallest[inv.Currency] {
		inv.AmountDue = 0 // too small to be charged, see settleBalance
	}
	inv.AmountRemaining = inv.AmountDue
}

// discountLines spreads the invoice's discount over the lines that it covers.
func (t *tx) discountLines(inv *object.Invoice) int64 {
	amounts := make([]int64, len(inv.Lines.Data))
	d := inv.Discount
	for i, line := range inv.Lines.Data {
		line.Discounts, line.DiscountAmounts = []string{}, []object.DiscountAmount{}
		if d != nil && line.Discountable && t.covers(d.Coupon, line.Price) {
			amounts[i] = line.Amount
		}
	}
	inv.Discounts, inv.TotalDiscountAmounts = []string{}, []object.DiscountAmount{}
	if d == nil {
		return 0
	}
	inv.Discounts = []string{d.ID}
	var sum int64
	for i, off := range t.offs(d.Coupon, inv.Currency, amounts) {
		if off == 0 {
			continue
		}
		sum += off
		inv.Lines.Data[i].DiscountAmounts = []object.DiscountAmount{{Amount: off, Discount: d.ID}}
		inv.Lines.Data[i].AmountExcludingTax = ptr(inv.Lines.Data[i].Amount - off)
	}
	inv.TotalDiscountAmounts = []object.DiscountAmount{{Amount: sum, Discount: d.ID}}
	return sum
}

// offs is what a coupon takes off each amount.
func (t *tx) offs(c *object.Coupon, currency string, amounts []int64) []int64 {
	if c.AmountOff != nil {
		if string(c.Currency) != currency {
			return make([]int64, len(amounts))
		}
		return calc.SplitOff(*c.AmountOff, amounts, calc.Step(currency))
	}
	out := make([]int64, len(amounts))
	for i, a := range amounts {
		out[i] = calc.PercentOff(calc.Rat(string(c.PercentOff)), a, calc.Step(currency))
	}
	return out
}

// covers: a coupon limited to products covers only lines with a price of one.
func (t *tx) covers(c *object.Coupon, p *object.Price) bool {
	now, ok := find[*object.Coupon](t, c.ID)
	if !ok {
		now = c
	}
	return now.State.Products == nil || p != nil && slices.Contains(now.State.Products, p.Product)
}
