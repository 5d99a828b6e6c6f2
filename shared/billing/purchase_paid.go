package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

// Rewarded lists the redemptions whose reward waits no longer: the customer has
// paid for a product of the program since the code was redeemed. A trial is no
// purchase, unless the program says so. Redemptions of a program that is gone
// are listed, too: nothing will ever come of them.
func (s State) Rewarded(c *catalog.Catalog, invoices []Invoice) []catalog.Redemption {
	return slices.DeleteFunc(slices.Clone(s.Redeemed), func(r catalog.Redemption) bool {
		program, err := c.Program(r.ProgramID)
		return err == nil && !slices.ContainsFunc(invoices, func(i Invoice) bool { return s.paidFor(program, r, i) })
	})
}

// Waits reports whether a redemption still waits for the customer's purchase.
func (s State) Waits(r catalog.Redemption) bool {
	return slices.ContainsFunc(s.Redeemed, func(other catalog.Redemption) bool { return other.ID == r.ID })
}

// paidFor reports whether an invoice is the purchase that a redemption waits for.
func (s State) paidFor(p catalog.ReferralProgram, r catalog.Redemption, i Invoice) bool {
	if i.Status != "paid" || i.CreatedAt.Before(r.CreatedAt.Truncate(time.Second)) { // Stripe's times are whole seconds
		return false
	}
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool {
		return slices.Contains(p.ProductIDs, cp.ProductID) && i.bills(cp) &&
			(!p.ExcludeTrial || !i.CreatedAt.Before(cp.TrialEnds))
	})
}

// bills reports whether an invoice is for a held product. A renewal is for
// whatever ran on the subscription when it was made; any other invoice says
// itself what it is for.
func (i Invoice) bills(cp CustomerProduct) bool {
	if !i.Renewal {
		return slices.Contains(i.ProductIDs, cp.ProductID) && !slices.Contains(i.Credited, cp.ProductID)
	}
	over := !cp.EndsAt.IsZero() && !cp.EndsAt.After(i.CreatedAt)
	return i.SubscriptionID == cp.SubscriptionID && !cp.StartsAt.After(i.CreatedAt) && !over
}
