package billing

import (
	"maps"
	"slices"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/pageparams"
	"windfall/shared/refusal"
)

// checkQuantities refuses prepaid quantities that mean nothing. On a page the
// customer chooses the quantity, so it may be left out.
func checkQuantities(c *catalog.Catalog, cmd Attach, page bool) error {
	for _, o := range cmd.Quantities {
		if _, known := c.Features[o.FeatureID]; !known {
			return refusal.ErrFeatureNotFound(o.FeatureID)
		}
		if o.Quantity.IsNegative() {
			return refusal.Invalid(ReasonQuantityNegative, o.FeatureID)
		}
		if !slices.ContainsFunc(cmd.Products, func(p catalog.Product) bool { return p.SellsInAdvance(o.FeatureID) }) {
			return refusal.Invalid(ReasonQuantityOfNothing, o.FeatureID)
		}
	}
	charge := money.Zero
	for _, p := range cmd.Products {
		due := false
		for _, item := range p.Items {
			if item.UsageModel == catalog.Prepaid && item.Priced() && !page && !catalog.QuantityGiven(cmd.Quantities, item.FeatureID) {
				return refusal.Invalid(ReasonQuantityMissing, item.FeatureID)
			}
			if item.InAdvance() && item.MajorPrice(catalog.PacksOf(item, cmd.Quantities)).GreaterThan(c.Currency().Largest()) {
				return refusal.Invalid(ReasonQuantityTooExpensive, item.FeatureID, c.Currency().Largest())
			}
			if item.InAdvance() {
				charge = charge.Add(item.MajorPrice(catalog.PacksOf(item, cmd.Quantities)))
			}
			due = due || item.InArrears() || item.InAdvance() && (catalog.PacksOf(item, cmd.Quantities).IsPositive() || page && !catalog.QuantityGiven(cmd.Quantities, item.FeatureID))
		}
		if !due && !p.Free() {
			return refusal.Invalid(ReasonQuantitiesBuyNothing, p.ID)
		}
	}
	if charge.GreaterThan(c.Currency().Largest()) {
		return refusal.Invalid(ReasonChargeTooLarge, c.Currency().Largest())
	}
	return nil
}

// checkAsSold refuses products that are not for sale to a publishable key, which is
// public: an archived product, and a free one, also beside paid ones. The error is invalid_request.
func (cmd Attach) checkAsSold() error {
	if !cmd.Publishable {
		return nil
	}
	for _, p := range cmd.Products {
		switch {
		case p.Archived:
			return refusal.Invalid(ReasonArchivedNotForSale, p.ID)
		case p.Free():
			return refusal.Invalid(ReasonFreeNotForSale, p.ID)
		}
	}
	return nil
}

// CheckPage refuses parameters that a page for these products can't have: what
// they cost tells whether it is paid once or starts a subscription.
func (cmd Attach) CheckPage() error {
	mode, does := pageparams.PaysOnce, "is paid once"
	if cmd.recurs() {
		mode, does = pageparams.Subscribes, "starts a subscription"
	}
	for _, name := range slices.Sorted(maps.Keys(cmd.Extra)) {
		top, _, _ := strings.Cut(name, "[")
		if !pageparams.Fits(top, mode) {
			return pageparams.Refused(top, "does not fit: a page that %s can't have it", does)
		}
	}
	labels := len(cmd.Metadata)
	for name := range cmd.Extra {
		if strings.HasPrefix(name, "metadata[") {
			labels++
		}
	}
	if labels > pageparams.MaxLabels {
		return refusal.Invalid(pageparams.ReasonLabelsTooMany, pageparams.MaxLabels)
	}
	return nil
}

// recurs reports whether anything of the purchase is paid again and again; what
// costs nothing has no page, and may go on for ever.
func (cmd Attach) recurs() bool {
	if cmd.Items != nil {
		return slices.ContainsFunc(*cmd.Items, func(i catalog.WantedItem) bool { return (i.Price != nil || len(i.Tiers) > 0) && i.Cycle.Repeats() })
	}
	return slices.ContainsFunc(cmd.Products, catalog.Product.Recurring) || !slices.ContainsFunc(cmd.Products, catalog.Product.OneOff)
}

// trialFor returns the trial this attach comes with, or nil: none is offered,
// it was declined, or the customer or device has had it.
//
// One trial per customer and product; with unique_fingerprint also one per
// device and product. An unknown device never matches.
func (s AttachState) trialFor(cmd Attach) *catalog.FreeTrial {
	product := cmd.Products[0]
	trial := product.Trial
	if trial == nil || cmd.NoTrial {
		return nil
	}
	if _, used := s.Customer.TrialsUsed[trialKey(product.ID, s.Scope)]; used {
		return nil
	}
	if trial.UniqueFingerprint {
		for _, taken := range s.TrialTaken {
			if taken == product.ID {
				return nil
			}
		}
	}
	return trial
}

// checkBundle: several products at once are only for a fresh start in each
// of their groups.
func (s AttachState) checkBundle(cmd Attach) error {
	if err := oneSubscription(cmd.Products); err != nil {
		return err
	}
	groups := map[string]string{}
	for _, p := range cmd.Products {
		if p.Trial != nil {
			return refusal.Invalid(ReasonTrialInABundle, p.ID)
		}
		if p.AddOn || p.OneOff() {
			continue
		}
		if other, twice := groups[p.Group]; twice {
			return refusal.Invalid(ReasonBundleOfOneGroup, other, p.ID)
		}
		groups[p.Group] = p.ID
		if s.CustomerProductOf(p.ID, cmd.Now) != nil {
			if cmd.Anew {
				return refusal.Conflict(ReasonPlanAttached, p.ID)
			}
			return refusal.Invalid(ReasonBundleHasAttached, p.ID)
		}
		if main := s.ActivePlan(s.Catalog, p.Group, cmd.Now); main != nil && !ProductOf(s.Catalog, *main).Free() {
			return refusal.Invalid(ReasonBundleChangesProduct, main.ProductID, p.ID)
		}
	}
	return nil
}

// oneSubscription refuses products that Stripe doesn't bill together: a subscription
// has one interval, and a limited number of prices.
//
// Source: https://docs.stripe.com/billing/subscriptions/multiple-products
func oneSubscription(products []catalog.Product) error {
	var first catalog.Product
	recurring, once := 0, 0
	for _, p := range products {
		for _, i := range p.Items {
			switch {
			case !i.Priced():
			case i.Cycle.Repeats():
				recurring++
			default:
				once++
			}
		}
		if !p.BillingCycle().Repeats() {
			continue
		}
		if first.ID != "" && first.BillingCycle() != p.BillingCycle() {
			return refusal.Invalid(ReasonBundleOfTwoIntervals, first.ID, first.BillingCycle(), p.ID, p.BillingCycle())
		}
		first = p
	}
	if recurring > catalog.MaxLines || once > catalog.MaxLines {
		return refusal.Invalid(ReasonBundleTooLong, max(recurring, once), catalog.MaxLines)
	}
	return nil
}
