package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Target names the product that an update changes.
type Target struct {
	ProductID         string // "" is the only one that the customer has
	CustomerProductID string // "" is the only one of the product
}

// Targeted returns the customer product that a target names. Of several it chooses
// none: one may not be what the caller means. Products of entities are not the
// customer's to name.
func (s State) Targeted(t Target, now time.Time) (CustomerProduct, error) {
	var found []CustomerProduct
	for _, cp := range s.Products {
		if cp.At(now) != Expired && cp.Entity.ID == s.Scope.ID && (t.ProductID == "" || t.ProductID == cp.ProductID) && (t.CustomerProductID == "" || t.CustomerProductID == cp.ID) {
			found = append(found, cp)
		}
	}
	if running := slices.DeleteFunc(slices.Clone(found), func(cp CustomerProduct) bool { return !cp.Running(now) }); len(running) > 0 {
		found = running
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case t.CustomerProductID != "":
		return CustomerProduct{}, refusal.NotFound(ReasonTargetNotHeld, t.CustomerProductID)
	case t.ProductID == "":
		return CustomerProduct{}, refusal.Invalid(ReasonTargetMissing, len(found))
	case len(found) == 0:
		return CustomerProduct{}, refusal.NotFound(ReasonProductNotHeld, t.ProductID)
	}
	return CustomerProduct{}, refusal.Invalid(ReasonTargetsOfAProduct, len(found), t.ProductID)
}

// Updating returns the attach as an update of what a target names: the product in the
// version that the customer has, with the items that they have, unless the command
// says otherwise. Version 0 is the customer's.
func (cmd Attach) Updating(s State, c *catalog.Catalog, t Target, version int) (Attach, error) {
	current, err := s.Targeted(t, cmd.Now)
	if err != nil {
		return cmd, err
	}
	cmd.Updates = current.ID
	if current.Custom != nil && version == 0 && cmd.Items == nil {
		cmd.Products, cmd.Custom = []catalog.Product{*current.Custom}, true
		return cmd, nil
	}
	if version == 0 {
		version = current.Version
	}
	p, err := c.ProductVersion(current.ProductID, version)
	cmd.Products = []catalog.Product{p}
	return cmd, err
}

// DecideUpdate applies the rules of an update: what Updating returned and Customize
// completed.
func DecideUpdate(s AttachState, cmd Attach) (Decision, error) {
	return s.decideBy(AttachState.decideUpdate, cmd)
}

// decideUpdate changes a product that is held, and nothing else: another quantity,
// version, or other items, or its end is withdrawn. What is as it was asked for
// already stays, and costs nothing: an update that is repeated changes nothing.
func (s AttachState) decideUpdate(cmd Attach) (Decision, error) {
	current, to := s.withID(cmd.Updates), cmd.Products[0]
	if current == nil {
		return Decision{}, refusal.NotFound(ReasonProductNotHeld, to.ID)
	}
	if err := cmd.offered(s.Catalog); err != nil {
		return Decision{}, err
	}
	switch {
	case current.At(cmd.Now) == Scheduled:
		return Decision{}, refusal.Invalid(ReasonUpdateOfScheduled, to.ID, day(current.StartsAt))
	case ProductOf(s.Catalog, *current).OneOff():
		return Decision{}, refusal.Invalid(ReasonUpdateOfOneOff, to.ID)
	}
	if err := current.changeable(); err != nil {
		return Decision{}, err
	}
	branch := s.updates(cmd, *current)
	unchanged := Decision{Branch: BranchUnchanged, Currency: s.Catalog.Currency(), Products: []string{to.ID}, Quantities: current.Quantities, Renews: current.Period.End}
	unchanged.lowers(s.Billed, current.SubscriptionID)
	if cmd.Uncancel {
		if branch = BranchRenew; current.CanceledAt.IsZero() && (current.AddOn || s.ScheduledPlan(current.Group, cmd.Now) == nil) {
			return unchanged, cmd.checkUnchanged(*current)
		}
	}
	cmd.Quantities = catalog.MergeQuantities(to.QuantitiesOf(current.Quantities), cmd.Quantities)
	if err := checkQuantities(s.Catalog, cmd, false); err != nil {
		return Decision{}, err
	}
	switch {
	case branch == "":
		return unchanged, cmd.checkUnchanged(*current)
	case branch != BranchRenew && branch != BranchQuantity && !s.endOf(*current, cmd.Now).IsZero():
		return Decision{}, refusal.Invalid(ReasonUpdateOfEnding, to.ID, day(s.endOf(*current, cmd.Now)))
	case current.SubscriptionID == "" && !to.Free():
		return Decision{}, refusal.Invalid(ReasonUpdateOfGiven, to.ID)
	}
	return s.decideChange(cmd, branch, *current)
}

// checkUnchanged refuses what an update asks for that finds everything else as it is, and so
// would have no effect, unless that update did all of it a moment ago.
func (cmd Attach) checkUnchanged(current CustomerProduct) error {
	switch {
	case cmd.ForceCheckout:
		return refusal.Invalid(ReasonChangeThroughAPage, current.ProductID)
	case cmd.BillingDay > 0:
		return refusal.Invalid(ReasonBillingDayOfAChange, current.ProductID)
	case cmd.BeginNow && !cmd.Repeats:
		return refusal.Invalid(ReasonBeginsNothing, current.ProductID)
	case cmd.ByInvoice && !cmd.Repeats:
		return refusal.Invalid(ReasonInvoiceOfNothing, current.ProductID)
	}
	return cmd.checkTax(current)
}

// endOf is when a paid product is to end as somebody asked, or to give way to another;
// zero is never. Other items would go on, and only uncancel withdraws an end.
func (s AttachState) endOf(current CustomerProduct, now time.Time) time.Time {
	if current.SubscriptionID == "" || !current.CardCheckAt.IsZero() {
		return time.Time{}
	}
	if next := s.ScheduledPlan(current.Group, now); next != nil && !current.AddOn && current.EndsAt.IsZero() {
		return next.StartsAt
	}
	return current.EndsAt
}

// BranchUnchanged is an update that asks for what is there.
const BranchUnchanged Branch = "unchanged"

// updates says what an update changes; "" for nothing.
func (s AttachState) updates(cmd Attach, current CustomerProduct) Branch {
	from, to := ProductOf(s.Catalog, current), cmd.Products[0]
	switch {
	case (cmd.Custom || current.Custom != nil) && customBranch(from, to) != "":
		return customBranch(from, to)
	case !cmd.Custom && current.Custom == nil && current.Version != to.Version:
		return BranchVersion
	case !catalog.SameQuantities(to, current.Quantities, catalog.MergeQuantities(current.Quantities, cmd.Quantities)):
		return BranchQuantity
	}
	return ""
}

// checkUncharged refuses to make a change for nothing that Stripe can't make so, or of
// which something would never be billed.
func (ch change) checkUncharged() error {
	to := ch.cmd.Products[0]
	if ch.restarts() && ch.current.SubscriptionID != "" && !to.Free() {
		return refusal.Invalid(ReasonUnchargedRestart, to.ID, to.BillingCycle(), ch.from.BillingCycle())
	}
	for _, item := range to.Items {
		if item.Priced() && !item.Cycle.Repeats() && !ch.from.SellsLike(item) {
			return refusal.Invalid(ReasonUnchargedOnce, to.ID)
		}
	}
	return nil
}

// Units are a quantity of a feature with what the product includes of it.
type Units struct {
	ProductID string // "" is each product that sells the feature
	FeatureID string
	Quantity  money.Decimal
}

// counted turns units into quantities beyond what each product includes.
func (cmd Attach) counted() (Attach, error) {
	for _, u := range cmd.Units {
		sold := false
		for _, p := range cmd.Products {
			for _, item := range p.Items {
				if item.FeatureID != u.FeatureID || item.UsageModel != catalog.Prepaid || !item.Priced() || u.ProductID != "" && u.ProductID != p.ID {
					continue
				}
				beyond := money.Less(u.Quantity, item.Included)
				if beyond.IsNegative() && !u.Quantity.IsNegative() {
					return cmd, refusal.Invalid(ReasonQuantityBelowIncluded, u.FeatureID, p.ID, item.Included, u.Quantity)
				}
				next := catalog.Quantity{FeatureID: u.FeatureID, Quantity: beyond}
				for _, other := range cmd.Quantities {
					if other.FeatureID == u.FeatureID && !other.Same(next) {
						return cmd, refusal.Invalid(ReasonQuantityOfTwo, u.FeatureID)
					}
				}
				cmd.Quantities, sold = catalog.MergeQuantities(cmd.Quantities, []catalog.Quantity{next}), true
			}
		}
		if !sold { // which is refused, in these words
			cmd.Quantities = append(slices.Clone(cmd.Quantities), catalog.Quantity{FeatureID: u.FeatureID, Quantity: u.Quantity})
		}
	}
	cmd.Units = nil
	return cmd, nil
}

// Affected returns what a decision makes of a customer's products, for a preview: those
// that begin or change, as they are then, and those that end or are as they were no
// more, as they were.
func (d Decision) Affected(s State, c *catalog.Catalog, now time.Time) (incoming, outgoing []CustomerProduct) {
	c = s.In(c)
	was := map[string]CustomerProduct{}
	for _, cp := range s.Products {
		was[cp.ID] = cp
	}
	kept := map[string]bool{}
	for _, cp := range s.after(s.transition(c, d, d.Start, now), now) {
		before, known := was[cp.ID]
		kept[cp.ID] = true
		switch {
		case !known:
			incoming = append(incoming, cp)
		case before.At(now) == Expired:
		case cp.At(now) == Expired, before.EndsAt.IsZero() && !cp.EndsAt.IsZero():
			before.CanceledAt, before.EndsAt = cp.CanceledAt, cp.EndsAt
			outgoing = append(outgoing, before)
		case !before.EndsAt.IsZero() && cp.EndsAt.IsZero(): // it goes on
			incoming = append(incoming, cp)
		case !slices.EqualFunc(before.Quantities, cp.Quantities, catalog.Quantity.Same):
			incoming, outgoing = append(incoming, cp), append(outgoing, before)
		}
	}
	for _, cp := range s.Products {
		if !kept[cp.ID] && cp.At(now) != Expired {
			outgoing = append(outgoing, cp)
		}
	}
	return incoming, outgoing
}
