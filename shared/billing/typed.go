package billing

import (
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// A CodeCopy is a promotion code as Stripe is to have it.
type CodeCopy struct {
	Coupon       Coupon
	Terms        reward.CopyTerms
	Room         int  // uses; 0 is no limit
	Shared       bool // they are taken from what the reward has left
	CreditMonths int  // until credits that it gives expire; 0 is never
}

// CopyOf is the coupon of a reward's codes at Stripe, and the steps that make the
// prices known which it is limited to; false where there is nothing that it would lower: a
// coupon without a limit is for everything.
func CopyOf(c *catalog.Catalog, r catalog.Reward) (copied CodeCopy, steps []Step, lowers bool) {
	if r.Discount == nil || !r.Discount.ApplyToAll && len(c.Covered(*r.Discount)) == 0 {
		return CodeCopy{}, nil, false
	}
	coupon, steps := couponOf(c, r)
	return CodeCopy{Coupon: onInvoice(coupon, r), CreditMonths: creditMonths(r)}, steps, true
}

// A TypedCode is a code that the customer typed on a page, which Stripe has taken.
type TypedCode struct {
	Given    Given
	CouponID string
	CopyID   string       // of the promotion code at Stripe
	Shared   bool         // it was among the uses that the reward had left
	Off      money.Amount // what it took off the page's invoice
}

// WithTyped is the operation of a page with the code that was typed on it. What the page
// sold is as before; the code has lowered it.
func (op Operation) WithTyped(t TypedCode, c Customer) Operation {
	g := t.Given
	g.CustomerID = c.InternalID
	op.Decision.Given = &g
	op.Decision.Lines = discounted(slices.Clone(op.Decision.Lines), &g.Discount)
	op.Decision.Why += g.why(t.Off, op.Decision.Currency)
	return op
}
