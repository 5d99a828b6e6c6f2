package billing

import "windfall/shared/refusal"

// ChangedAtStripe is the rule of entries about a subscription that staff
// changed in a way that can't be followed.
const ChangedAtStripe = "changed_at_stripe"

// A StripeChange is something done to a subscription at Stripe that no rule
// here has an answer to.
type StripeChange string

const (
	ForeignPrices  StripeChange = "foreign_prices"      // a price of no product, or a part of a product's prices, or a plain price more than once
	TwoOfOneGroup  StripeChange = "products_of_a_group" // it sells two products of one group, or one beside another subscription's
	ChangeStranded StripeChange = "change_stranded"     // it no longer sells the product whose change is scheduled
	PausedAtStripe StripeChange = "paused"              // invoices are not collected
)

// StripeChanges lists every kind, so that a test can prove that each has its words.
func StripeChanges() []StripeChange {
	return []StripeChange{ForeignPrices, TwoOfOneGroup, ChangeStranded, PausedAtStripe}
}

// Reason names the kind in refusals.
func (ch StripeChange) Reason() refusal.Reason {
	return map[StripeChange]refusal.Reason{ForeignPrices: ReasonForeignPrices, TwoOfOneGroup: ReasonTwoOfOneGroup, ChangeStranded: ReasonChangeStranded, PausedAtStripe: ReasonPausedAtStripe}[ch]
}

func (ch StripeChange) why() string {
	return map[StripeChange]string{
		ForeignPrices:  "The subscription was changed at Stripe to prices that are not those of products here.",
		TwoOfOneGroup:  "The subscription was changed at Stripe to the prices of two products of which a customer holds one.",
		ChangeStranded: "A product whose change is scheduled was taken off the subscription at Stripe.",
		PausedAtStripe: "The collection of the subscription's invoices was paused at Stripe.",
	}[ch] + " No command changes the product until that is put right at Stripe; somebody should look."
}

// endable is changeable for an end. While invoices are not collected a product
// may end all the same, if no time is credited that was not collected.
func (p CustomerProduct) endable(refund bool) error {
	if p.ChangedAtStripe == PausedAtStripe && !refund {
		return nil
	}
	return p.changeable()
}

// changeable refuses to change a product whose subscription was changed at
// Stripe in a way that is not followed.
func (p CustomerProduct) changeable() error {
	if p.ChangedAtStripe == "" {
		return nil
	}
	return refusal.Conflict(ReasonChangedAtStripe, p.ProductID, &refusal.Phrase{Reason: p.ChangedAtStripe.Reason()})
}
