package billing

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/referral"
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

// ErrReferralCodeInactive means that the company has deactivated the code.
func ErrReferralCodeInactive(code string) *refusal.Error {
	return refusal.Invalid(ReasonReferralCodeInactive, code)
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

// judge asks the guard. Cards and the times before are in the state where the program
// has a rule about them.
func (s RedeemState) judge(p catalog.ReferralProgram, now time.Time) referral.Verdict {
	person := func(c Customer, cards []string) referral.Person {
		return referral.Person{InternalID: c.InternalID, Fingerprint: c.Fingerprint, Email: c.Email, Cards: cards}
	}
	return referral.Judge(p.Guard, referral.Facts{Redeemer: person(s.Redeemer.Customer, s.RedeemerCards),
		Referrer: person(s.Referrer.Customer, s.ReferrerCards), Brought: s.Brought, Recent: s.Code.Recent, Now: now})
}

// HasPaid reports whether a customer ever paid, as far as can be told: a paid
// invoice, a subscription, or a one-off that was no gift.
func (s State) HasPaid(c *catalog.Catalog, invoices []Invoice) bool {
	for _, i := range invoices {
		if i.Status == "paid" && i.BeforeTax() > 0 {
			return true
		}
	}
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return purchased(c, cp) })
}

// purchased reports whether a product was no gift, and is on a subscription or a one-off.
func purchased(c *catalog.Catalog, cp CustomerProduct) bool {
	return !strings.HasPrefix(cp.CreatedBy, RedemptionPrefix) && (cp.SubscriptionID != "" || ProductOf(c, cp).OneOff())
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

// Rewarded lists the redemptions whose reward waits no longer, each with the invoice of
// its purchase: the customer has paid for a product of the program since the code was
// redeemed. What costs nothing is no purchase, and neither is a trial, unless the
// program says so. Redemptions of a program that is gone are listed, too: nothing will
// ever come of them. One that is held has had its purchase.
func (s State) Rewarded(c *catalog.Catalog, invoices []Invoice) (out []referral.Redemption) {
	for _, r := range s.Redeemed {
		if r.Status == referral.Held {
			continue
		}
		program, err := c.Program(r.ProgramID)
		if err != nil {
			out = append(out, r)
			continue
		}
		// invoices are the newest first; the purchase is the first of all
		for _, i := range slices.Backward(invoices) {
			if s.paidFor(program, r, i) {
				r.InvoiceID = i.StripeID
				out = append(out, r)
				break
			}
		}
	}
	return out
}

// Waiting finds a redemption that still waits, or is held; nil for one that does not.
func (s State) Waiting(id string) *referral.Redemption {
	for i := range s.Redeemed {
		if s.Redeemed[i].ID == id {
			return &s.Redeemed[i]
		}
	}
	return nil
}

// paidFor reports whether an invoice is the purchase that a redemption waits for.
func (s State) paidFor(p catalog.ReferralProgram, r referral.Redemption, i Invoice) bool {
	if i.Status != "paid" || i.CreatedAt.Before(r.CreatedAt.Truncate(time.Second)) { // Stripe's times are whole seconds
		return false
	}
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool {
		trial := i.CreatedAt.Before(cp.TrialEnds)
		return slices.Contains(p.ProductIDs, cp.ProductID) && i.bills(cp) && (!trial && i.BeforeTax() > 0 || trial && !p.ExcludeTrial)
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
