package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Status is where a customer product stands. Trialing and cancelled are not
// stored: they follow from the dates.
type Status string

const (
	Scheduled Status = "scheduled"
	Active    Status = "active"
	PastDue   Status = "past_due"
	Expired   Status = "expired"
	Trialing  Status = "trialing" // shown, never stored
)

// A CustomerProduct is one product in one customer's hands.
type CustomerProduct struct {
	ID         string                `json:"id,omitzero"` // "cp_…"
	ProductID  string                `json:"product_id,omitzero"`
	Version    int                   `json:"version,omitzero"`
	Custom     *catalog.Product      `json:"custom,omitempty"` // items made for this customer alone
	Group      string                `json:"group,omitzero"`
	AddOn      bool                  `json:"add_on,omitzero"`
	Entity     entitlement.EntityRef `json:"entity,omitzero"` // to which it is attached; zero is the customer
	Status     Status                `json:"status,omitzero"`
	StartsAt   time.Time             `json:"starts_at,omitzero"`
	CanceledAt time.Time             `json:"canceled_at,omitzero"` // when the end was asked for; zero while it goes on
	EndsAt     time.Time             `json:"ends_at,omitzero"`     // when it ends or ended; zero while open
	TrialEnds  time.Time             `json:"trial_ends,omitzero"`
	Period     money.Period          `json:"period,omitzero"`   // of the Stripe subscription; zero without one
	Quantity   int                   `json:"quantity,omitzero"` // how often a one-off was bought, at least 1
	Quantities []catalog.Quantity    `json:"quantities,omitzero"`

	SubscriptionID string `json:"subscription_id,omitzero"`
	Taxed          bool   `json:"automatic_tax,omitzero"` // Stripe computes the tax of the subscription's invoices

	// CardCheckAt is when the schedule looks whether there is a card by now: the product
	// ends only because there was none to charge after its free periods. Zero for any
	// other end, and for none.
	CardCheckAt time.Time `json:"card_check_at,omitzero"`

	// UsageAt is when the schedule next bills use, or seats, that are billed more often
	// than the subscription; zero where there are none, and where the renewal bills them.
	UsageAt time.Time `json:"usage_at,omitzero"`

	// ChangedAtStripe says what staff did to the subscription that no rule here
	// has an answer to; "" where there is nothing. Until that is put right, no
	// command changes the product.
	ChangedAtStripe StripeChange `json:"changed_at_stripe,omitzero"`

	CreatedBy string `json:"created_by,omitzero"` // id of the operation

	// Awaited says of an ended product, as it is read, that background work is still due:
	// the last bill of its subscription.
	Awaited bool `json:"-"`
}

// At is the status at a moment. Dates win over the stored status, so that a
// late sweep neither gives nor takes time.
func (p CustomerProduct) At(now time.Time) Status {
	switch {
	case p.Status == Expired, !p.EndsAt.IsZero() && !now.Before(p.EndsAt):
		return Expired
	case p.Status == Scheduled && now.Before(p.StartsAt):
		return Scheduled
	case p.Status == PastDue:
		return PastDue
	case now.Before(p.TrialEnds):
		return Trialing
	}
	return Active
}

// Running reports whether the product is held and not merely waiting or over.
// A product that is past due is still held, though it gives no access.
func (p CustomerProduct) Running(now time.Time) bool {
	s := p.At(now)
	return s == Active || s == Trialing || s == PastDue
}

// taxed reports whether Stripe computes the tax of a subscription: an invoice of our own
// for it has a tax then, too.
func (s State) taxed(subscriptionID string) bool {
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.SubscriptionID == subscriptionID && cp.Taxed })
}

// ProductOf returns the product as the customer holds it: the version bought, or
// the items made for this customer alone.
func ProductOf(c *catalog.Catalog, cp CustomerProduct) catalog.Product {
	if cp.Custom != nil {
		return *cp.Custom
	}
	p, err := c.ProductVersion(cp.ProductID, cp.Version)
	if err != nil { // deleted from the catalog: what the row itself knows is all there is
		return catalog.Product{ID: cp.ProductID, Name: cp.ProductID, Group: cp.Group, AddOn: cp.AddOn, Version: cp.Version}
	}
	return p
}

// origin is what the grants of the product need to know of it.
func (p CustomerProduct) origin(suspended bool) entitlement.Origin {
	return entitlement.Origin{CustomerProductID: p.ID, ProductID: p.ProductID, AddOn: p.AddOn, StartsAt: p.StartsAt, EndsAt: p.EndsAt,
		TrialEnds: p.TrialEnds, Period: p.Period, Suspended: suspended, Quantities: p.Quantities, OfEntity: p.Entity.ID != ""}
}

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
