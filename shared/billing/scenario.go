package billing

import (
	"cmp"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/order"
	"windfall/shared/reward"
)

// A Scenario is what attaching a product would mean to a customer, in the one
// word that a pricing table shows.
type Scenario string

const (
	ScenarioNew       Scenario = "new"
	ScenarioActive    Scenario = "active" // held; at most its items, quantity or version would change
	ScenarioScheduled Scenario = "scheduled"
	ScenarioUpgrade   Scenario = "upgrade"
	ScenarioDowngrade Scenario = "downgrade"
	ScenarioCancel    Scenario = "cancel" // from paid to free
	ScenarioRenew     Scenario = "renew"  // held, and its end would be withdrawn
)

// Scenario says what attaching a product would mean. It is read off the branch
// that an attach would take, so a button never promises something else.
func (s AttachState) Scenario(p catalog.Product, now time.Time) Scenario {
	if current := s.CustomerProductOf(p.ID, now); current != nil && current.At(now) == Scheduled {
		return ScenarioScheduled
	}
	branch, _, err := s.branch(Attach{Products: []catalog.Product{p}, Now: now})
	if err != nil {
		return ScenarioActive // attaching it again is refused
	}
	return branch.Scenario(p)
}

// Scenario is what a branch means for the product it is about.
func (b Branch) Scenario(p catalog.Product) Scenario {
	switch b {
	case BranchFree:
		if !p.Free() {
			return ScenarioUpgrade
		}
	case BranchUpgrade, BranchTrial:
		return ScenarioUpgrade
	case BranchDowngrade:
		if p.Free() {
			return ScenarioCancel
		}
		return ScenarioDowngrade
	case BranchRenew:
		return ScenarioRenew
	case BranchQuantity, BranchVersion, BranchCustom, BranchCustomLimits:
		return ScenarioActive
	default: // what is new in its group, an add-on, a one-off, a bundle
	}
	return ScenarioNew
}

// TrialOpen reports whether the product has a trial that this customer could
// still have.
func (s AttachState) TrialOpen(p catalog.Product) bool {
	return s.trialFor(Attach{Products: []catalog.Product{p}}) != nil
}

// Prorated reports whether any part of the charge is for a part of a period.
func (d Decision) Prorated() bool {
	for _, l := range d.Lines {
		if l.Prorated || l.First {
			return true
		}
	}
	return false
}

// An Offer is what an application shows before it attaches a product.
type Offer struct {
	Scenario   Scenario
	Product    catalog.Product
	Present    string // name of the product it would replace; "" for none
	Refused    bool   // attaching it would be refused
	Quantities []catalog.Quantity
	Decision   Decision
	Next       NextDue
}

// DecideOffer is the effect and cost of attaching a product, with one pack of each
// prepaid feature. It calls no Stripe: a customer with a Stripe id is assumed to
// have a card there. It is nil where the customer would be sent to a page, which
// shows all of it.
func DecideOffer(s AttachState, p catalog.Product, now time.Time) *Offer {
	if s.Customer.StripeID != "" {
		s.Card = "on file"
	}
	o := Offer{Scenario: s.Scenario(p, now), Product: p}
	if main := s.ActivePlan(s.Catalog, p.Group, now); main != nil && !p.AddOn && main.ProductID != p.ID {
		o.Present = ProductOf(s.Catalog, *main).Name
	}
	cmd := Attach{OperationID: "offer", Entity: s.Scope, Products: []catalog.Product{p}, Now: now}
	if s.CustomerProductOf(p.ID, now) == nil {
		cmd.Quantities = s.purchase(cmd, "").options()
	}
	d, err := DecideAttach(s, cmd)
	if err != nil {
		o.Refused = true
		return &o
	}
	if d.Page {
		return nil
	}
	o.Decision, o.Next, o.Quantities = d, d.Next(cmd.Products, now), d.Quantities
	return &o
}

// An Effect is what a money command did, or will do once its page is paid. A
// dialect of the API has a code and a sentence for each.
type Effect string

const (
	EffectFreeAttached       Effect = "free_attached"
	EffectCheckoutCreated    Effect = "checkout_created"
	EffectAttached           Effect = "attached"
	EffectPurchased          Effect = "purchased" // a one-off
	EffectUpgraded           Effect = "upgraded"
	EffectChanged            Effect = "changed" // at once, to a product that is not more expensive
	EffectVersionTaken       Effect = "version_taken"
	EffectItemsUpdated       Effect = "items_updated"
	EffectDowngradeScheduled Effect = "downgrade_scheduled"
	EffectUpgradeScheduled   Effect = "upgrade_scheduled"
	EffectRenewed            Effect = "renewed"
	EffectQuantityUpdated    Effect = "quantity_updated"
	EffectCanceled           Effect = "canceled"
	EffectCustomerDeleted    Effect = "customer_deleted"
)

// Effects lists every effect, so that a test can prove that each has its words.
func Effects() []Effect {
	return []Effect{EffectFreeAttached, EffectCheckoutCreated, EffectAttached, EffectPurchased, EffectUpgraded, EffectChanged,
		EffectVersionTaken, EffectItemsUpdated, EffectDowngradeScheduled, EffectUpgradeScheduled, EffectRenewed,
		EffectQuantityUpdated, EffectCanceled, EffectCustomerDeleted}
}

// A Subject is what the sentence about a change names; a purchase names its
// Products instead.
type Subject struct {
	From    string    `json:"from,omitzero"`    // the name of the present product
	To      string    `json:"to,omitzero"`      // and of the one that takes its place
	Version int       `json:"version,omitzero"` // of the latter
	At      time.Time `json:"at,omitzero"`      // when the change takes effect, where that is later
}

// Way is how a reward would be used with a decision: with something new, with a
// change now, or with nothing that is bought now.
func (d Decision) Way() reward.Way {
	switch d.Effect {
	case EffectAttached, EffectPurchased, EffectCheckoutCreated:
		return reward.Purchased
	case EffectUpgraded, EffectChanged, EffectQuantityUpdated, EffectItemsUpdated:
		if len(d.Lines) > 0 {
			return reward.Changed
		}
	default: // nothing is bought now
	}
	return reward.Waiting
}

// A Paywall is what an application shows to a customer who may not use a
// feature: what is reached, and what would help.
type Paywall struct {
	Reached  bool // the plan includes the feature, and all of it is used
	Feature  catalog.Feature
	Products []catalog.Product // that grant it, products before add-ons, cheaper first
}

// DecidePaywall says what to offer after a check of a feature was answered
// with no, or returns nil when the customer may use it. What they hold already
// is not offered again, unless it can be bought any number of times.
func DecidePaywall(c *catalog.Catalog, f catalog.Feature, a entitlement.Access, products []CustomerProduct, now time.Time) *Paywall {
	if a.Allowed {
		return nil
	}
	w := &Paywall{Reached: a.Held, Feature: f}
	for _, p := range c.ListProducts(false) {
		mine := slices.ContainsFunc(products, func(cp CustomerProduct) bool { return cp.ProductID == p.ID && cp.Running(now) })
		if helps(c, p, f) && (!mine || p.OneOff()) && c.Offered(p) == nil {
			w.Products = append(w.Products, p)
		}
	}
	order.Stable(w.Products, func(a, b *catalog.Product) int {
		return cmp.Or(entitlement.TrueFirst(!a.AddOn, !b.AddOn), a.BasePrice().Cmp(b.BasePrice()), cmp.Compare(a.ID, b.ID))
	})
	return w
}

// helps reports whether a product grants a feature or credits that cover it.
func helps(c *catalog.Catalog, p catalog.Product, f catalog.Feature) bool {
	return p.Grants(f.ID) || slices.ContainsFunc(c.CreditsFor(f.ID), func(s catalog.Source) bool { return p.Grants(s.FeatureID) })
}

// A ProductAccess is the answer to a check of a product.
type ProductAccess struct {
	Allowed bool
	Status  string // as At, or "canceled" while an ending product still runs; "" when it is not held
}

// DecideProductCheck answers whether a customer holds a product. Only an
// active or trialing product allows; keepPastDue lets a past due one, too.
func DecideProductCheck(products []CustomerProduct, productID string, keepPastDue bool, now time.Time) ProductAccess {
	var best ProductAccess
	for _, cp := range products {
		status := cp.At(now)
		if cp.ProductID != productID || status == Expired {
			continue
		}
		a := ProductAccess{
			Allowed: status == Active || status == Trialing || status == PastDue && keepPastDue,
			Status:  string(status),
		}
		if status == Active && !cp.CanceledAt.IsZero() {
			a.Status = "canceled"
		}
		if best.Status == "" || a.Allowed && !best.Allowed {
			best = a
		}
	}
	return best
}
