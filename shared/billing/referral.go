package billing

import (
	"slices"
	"strings"
	"time"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// CodeAlphabet is what referral codes are written in: no 0 and O, no 1, I and
// L, which people mix up.
const CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// CodeLength is the length of a referral code: 31^6 are 887 million codes.
const CodeLength = 6

// The refusals of a redemption, in the order in which they are looked for.
var (
	ErrMaxRedemptions  = refusal.Invalid(ReasonMaxRedemptions)
	ErrAlreadyRedeemed = refusal.Invalid(ReasonAlreadyRedeemed)
	ErrOwnCode         = refusal.Invalid(ReasonOwnCode)
	ErrNotNew          = refusal.Invalid(ReasonCustomerNotNew)
)

// ErrReferralCodeNotFound means that the code does not exist, or that its program
// or its owner is gone.
func ErrReferralCodeNotFound(code string) *refusal.Error {
	return refusal.NotFound(ReasonReferralCodeNotFound, code)
}

// ErrRedemptionNotFound means that there is no redemption of this id.
func ErrRedemptionNotFound(id string) *refusal.Error {
	return refusal.NotFound(ReasonRedemptionNotFound, id)
}

// RedemptionPrefix begins the id of every redemption.
const RedemptionPrefix = "rr_"

// PossibleRedemption reports whether a redemption could have this id.
func PossibleRedemption(id string) bool {
	return strings.HasPrefix(id, RedemptionPrefix) && catalog.SlugProblem(id) == nil
}

// samePerson reports whether two customers are one person as far as can be
// told: the same customer, or one device. An unknown device never matches.
func samePerson(a, b Customer) bool {
	return a.InternalID == b.InternalID || a.Fingerprint != "" && a.Fingerprint == b.Fingerprint
}

// HasPaid reports whether a customer ever paid, as far as can be told: a paid
// invoice, a subscription, or a one-off that was no gift.
func (s State) HasPaid(c *catalog.Catalog, invoices []Invoice) bool {
	for _, i := range invoices {
		if i.Status == "paid" && i.Total > 0 {
			return true
		}
	}
	for _, cp := range s.Products {
		given := strings.HasPrefix(cp.CreatedBy, RedemptionPrefix)
		if !given && (cp.SubscriptionID != "" || ProductOf(c, cp).OneOff()) {
			return true
		}
	}
	return false
}

// HasBought reports whether a customer ever bought, whatever it cost: an invoice
// that counts, or a subscription or a one-off that was no gift and whose invoice is
// not known yet. An invoice that is void or still a draft was no purchase.
//
// Source: https://docs.stripe.com/billing/subscriptions/coupons (first-time orders)
func (s State) HasBought(c *catalog.Catalog, invoices []Invoice) bool {
	if slices.ContainsFunc(invoices, func(i Invoice) bool { return i.Status != "void" && i.Status != "draft" }) {
		return true
	}
	s.Products = slices.DeleteFunc(slices.Clone(s.Products), func(cp CustomerProduct) bool {
		return slices.ContainsFunc(invoices, func(i Invoice) bool { return i.bills(cp) })
	})
	return s.HasPaid(c, nil)
}

// Rewarded lists the redemptions whose reward waits no longer: the customer has
// paid for a product of the program since the code was redeemed. What costs nothing is
// no purchase, and neither is a trial, unless the program says so. Redemptions of a program that is gone
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
		trial := i.CreatedAt.Before(cp.TrialEnds)
		return slices.Contains(p.ProductIDs, cp.ProductID) && i.bills(cp) && (!trial && i.Total > 0 || trial && !p.ExcludeTrial)
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
