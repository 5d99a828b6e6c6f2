package catalog

import (
	"time"

	"windfall/shared/money"
)

// A Product is what a customer can hold: prices to pay and features to use.
// A version is never changed once a customer holds it; an edit makes the next.
type Product struct {
	ID        string     `json:"id,omitzero"`
	Name      string     `json:"name,omitzero"`
	Text      string     `json:"text,omitzero"`    // describes it to people; may be empty
	Group     string     `json:"group,omitzero"`   // upgrades and downgrades happen inside one group only
	AddOn     bool       `json:"add_on,omitzero"`  // held beside other products, never replaced by them
	Default   bool       `json:"default,omitzero"` // given to every new customer, and back when a product ends
	Archived  bool       `json:"archived,omitzero"`
	Version   int        `json:"version,omitzero"`
	Items     []Item     `json:"items,omitzero"`
	Trial     *FreeTrial `json:"trial,omitempty"`
	CreatedAt time.Time  `json:"created_at,omitzero"`
	Metadata  string     `json:"metadata,omitzero"` // a JSON object of the company's own, as text; "" for an empty one
}

// A UsageModel says when a priced feature is paid.
type UsageModel string

const (
	Prepaid   UsageModel = "prepaid"     // a quantity bought up front
	PayPerUse UsageModel = "pay_per_use" // billed in arrears
)

// An Item is one line of a product: a price, a feature, or a priced feature.
type Item struct {
	ID           string         `json:"id,omitzero"`         // "pr_…", kept while the item stays the same over versions
	FeatureID    string         `json:"feature_id,omitzero"` // "" for a plain price
	Included     money.Decimal  `json:"included,omitzero"`
	Unlimited    bool           `json:"unlimited,omitzero"`
	Cycle        money.Cycle    `json:"cycle,omitzero"`  // reset of a feature, billing of a price
	Price        *money.Decimal `json:"price,omitempty"` // major units per BillingUnits
	Tiers        []Tier         `json:"tiers,omitzero"`  // graduated; never together with Price
	Prices       Prices         `json:"prices,omitzero"` // beside Price
	UsageModel   UsageModel     `json:"usage_model,omitzero"`
	BillingUnits money.Decimal  `json:"billing_units,omitzero"` // units in one pack; 1 unless said
	ResetUsage   bool           `json:"reset_usage,omitzero"`   // reset_usage_when_enabled: a switch starts from 0 usage
	UsageLimit   *money.Decimal `json:"usage_limit,omitempty"`
	EntityID     string         `json:"entity_id,omitzero"`   // the balance is kept per entity of this feature
	OnIncrease   string         `json:"on_increase,omitzero"` // seats: how a higher quantity is billed
	OnDecrease   string         `json:"on_decrease,omitzero"`
	TaxBehavior  TaxBehavior    `json:"tax_behavior,omitzero"`
}

// A TaxBehavior says whether a price contains its tax. Until it says so, the Stripe account's
// default does.
type TaxBehavior string

const (
	TaxInclusive TaxBehavior = "inclusive"
	TaxExclusive TaxBehavior = "exclusive"
)

// A Tier prices the units up to To; the last one has no end.
type Tier struct {
	To     *money.Decimal `json:"to,omitempty"`    // nil is "inf"
	Amount money.Decimal  `json:"amount,omitzero"` // major units per BillingUnits
	Prices Prices         `json:"prices,omitzero"` // beside Amount
}

// An ItemKind names what an item is; it follows from its fields.
type ItemKind string

const (
	PlainPrice    ItemKind = "price"
	PlainFeature  ItemKind = "feature"
	PricedFeature ItemKind = "priced_feature"
)

func (i Item) Kind() ItemKind {
	switch {
	case i.FeatureID == "":
		return PlainPrice
	case i.HasPrice():
		return PricedFeature
	}
	return PlainFeature
}

// HasPrice reports whether the item says a price, which may be none at all.
func (i Item) HasPrice() bool { return i.Price != nil || len(i.Tiers) > 0 }

// Priced reports whether the item costs anything.
func (i Item) Priced() bool {
	if i.Price != nil {
		return i.Price.IsPositive()
	}
	for _, t := range i.Tiers {
		if t.Amount.IsPositive() {
			return true
		}
	}
	return false
}

// InAdvance reports whether the item is paid before it is used: a plain price
// or prepaid packs.
func (i Item) InAdvance() bool { return i.Priced() && i.UsageModel != PayPerUse }

// InArrears reports whether the item is billed for what was used.
func (i Item) InArrears() bool { return i.Priced() && i.UsageModel == PayPerUse }

// Pack is the number of units in one pack, never 0.
func (i Item) Pack() money.Decimal {
	if i.BillingUnits.IsPositive() {
		return i.BillingUnits
	}
	return money.One
}

// Free reports whether the product costs nothing at all.
func (p Product) Free() bool {
	for _, i := range p.Items {
		if i.Priced() {
			return false
		}
	}
	return true
}

// OneOff reports whether the product is paid once: it has prices and none of
// them repeats.
func (p Product) OneOff() bool {
	for _, i := range p.Items {
		if i.Priced() && i.Cycle.Repeats() {
			return false
		}
	}
	return !p.Free()
}

// Recurring reports whether the product has a price that repeats.
func (p Product) Recurring() bool { return !p.Free() && !p.OneOff() }

// BillingCycle is the cycle in which the product's subscription is billed: that
// of what is paid in advance, or, where there is none, the longest in which use is
// billed. It is the zero cycle when nothing repeats.
func (p Product) BillingCycle() money.Cycle {
	longest := money.Cycle{}
	for _, i := range p.Items {
		switch {
		case !i.Priced() || !i.Cycle.Repeats():
		case i.InAdvance():
			return i.Cycle
		case i.Cycle.Length() > longest.Length():
			longest = i.Cycle
		}
	}
	return longest
}

// BillsWithin reports whether an item of the product is billed more often than its
// subscription: use or seats of each month of a year.
func (p Product) BillsWithin(i Item) bool {
	return i.InArrears() && i.Cycle.Length() < p.BillingCycle().Length()
}

// A FreeTrial is a time of use before the first payment.
type FreeTrial struct {
	Length            int            `json:"length,omitzero"`
	Duration          money.Interval `json:"duration,omitzero"`           // day, month or year
	UniqueFingerprint bool           `json:"unique_fingerprint,omitzero"` // once per device, not only per customer
	CardRequired      bool           `json:"card_required,omitzero"`
}

// End is when a trial that starts now is over.
func (f FreeTrial) End(now time.Time) time.Time {
	return money.Cycle{Interval: f.Duration, Count: f.Length}.After(now, 1)
}

func (p Product) TrialEnds(now time.Time) time.Time {
	if p.Trial == nil {
		return time.Time{}
	}
	return p.Trial.End(now)
}
