package billing

import (
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A PlanSchedule says when a change of products happens, instead of the rule.
type PlanSchedule string

const (
	Immediate  PlanSchedule = "immediate"
	EndOfCycle PlanSchedule = "end_of_cycle"
)

// Branches that change the items of a product for one customer alone.
const (
	BranchCustom       Branch = "same_custom"      // other prices
	BranchCustomLimits Branch = "same_custom_ents" // the same prices, other allowances or limits
)

// Customize returns the attach with its product as this customer is to get
// it: with the items and the trial that were asked for instead of its own. The
// state is the customer before the attach.
//
//   - Items are checked as those of a product are. They can't make features,
//     which everybody would share.
//   - Items that the product or the customer's own one has keep their id, and
//     with it their Stripe price; others get a price of their own. Items that
//     are all the product's own make no custom product.
//   - They grant nothing of a feature that only credits pay for: it would never be used.
//   - A trial changes its terms, and not who may have one: it is still once per
//     customer and product. An application that sends the same trial with every
//     attach would otherwise give it again after each cancel.
//   - A publishable key, which is public, can set neither.
//
// The errors are invalid_request, invalid_inputs, invalid_product_item and
// feature_not_found.
func (cmd Attach) Customize(s State, stored *catalog.Catalog) (Attach, error) {
	c := s.In(stored)
	s = s.Of(cmd.Entity)
	cmd, err := cmd.in(c)
	if err == nil && cmd.Patch != nil {
		cmd, err = cmd.patched(stored, c)
	}
	if err == nil && (cmd.Items != nil || cmd.Trial != nil) {
		cmd, err = cmd.customized(s, c)
	}
	if err != nil {
		return cmd, err
	}
	return cmd.counted()
}

func (cmd Attach) customized(s State, c *catalog.Catalog) (Attach, error) {
	if cmd.Publishable {
		return cmd, refusal.Invalid(ReasonTermsNotForSale, cmd.Products[0].ID)
	}
	p := cmd.Products[0]
	if cmd.Items != nil {
		known := c.CopyFeatures()
		items, err := c.ItemsOf(*cmd.Items, s.itemsKnown(p), known, cmd.OperationID, cmd.Now)
		if err != nil {
			return cmd, err
		}
		if made := c.NewFeatures(known); len(made) > 0 {
			return cmd, refusal.ErrFeatureNotFound(made[0].ID)
		}
		for _, i := range unmatched(items, s.itemsKnown(p), catalog.Item.Same) {
			if i.FeatureID != "" && c.CreditsAlone(i.FeatureID) {
				return cmd, refusal.Invalid(ReasonItemUnused, i.FeatureID)
			}
		}
		if cmd.Custom = !matched(items, p.Items, catalog.Item.Same); cmd.Custom {
			p.Items, p.Default = items, false // a custom product is never a default
		}
	}
	if cmd.Trial != nil {
		p.Trial = cmd.Trial
		if err := catalog.CheckTrial(p); err != nil {
			return cmd, err
		}
	}
	cmd.Products = []catalog.Product{p}
	return cmd, nil
}

// offered refuses products that are not sold in the currency of a catalog. What items of
// the customer's own cost is theirs to say.
func (cmd Attach) offered(c *catalog.Catalog) error {
	for _, p := range cmd.Products {
		if err := c.Offered(p); err != nil && !cmd.Custom && cmd.Items == nil {
			return err
		}
	}
	return nil
}

// in is the attach with its products as they are sold in the currency of a catalog. The
// error is currency_not_offered.
func (cmd Attach) in(c *catalog.Catalog) (Attach, error) {
	if cmd.Custom { // an update keeps the items that the customer has
		return cmd, nil
	}
	products := slices.Clone(cmd.Products)
	for n, p := range products {
		var err error
		if products[n], err = c.ProductVersion(p.ID, p.Version); err != nil {
			return cmd, err
		}
	}
	cmd.Products = products
	return cmd, cmd.offered(c)
}

// itemsKnown are the items that custom ones may be equal to: the product's,
// and those the customer has of it.
func (s State) itemsKnown(p catalog.Product) []catalog.Item {
	known := append([]catalog.Item(nil), p.Items...)
	for _, cp := range s.Products {
		if cp.ProductID == p.ID && cp.Custom != nil && cp.Status != Expired {
			known = append(known, cp.Custom.Items...)
		}
	}
	return known
}

// customBranch says what it means to attach a product over the same one where
// either has items of its own; "" where they are the same.
func customBranch(from, p catalog.Product) Branch {
	switch {
	case matched(from.Items, p.Items, catalog.Item.Same):
		return ""
	case matched(withPrices(from.Items), withPrices(p.Items), catalog.Item.CostsSame):
		return BranchCustomLimits
	}
	return BranchCustom
}

// matched reports whether two lists hold equal items, in any order.
func matched(a, b []catalog.Item, equal func(a, b catalog.Item) bool) bool {
	return len(a) == len(b) && len(unmatched(a, b, equal)) == 0
}

// unmatched returns the items of a that have no equal in b; each of b stands for
// one of a.
func unmatched(a, b []catalog.Item, equal func(a, b catalog.Item) bool) []catalog.Item {
	left := append([]catalog.Item(nil), b...)
	var out []catalog.Item
next:
	for _, item := range a {
		for i := range left {
			if equal(item, left[i]) {
				left = append(left[:i], left[i+1:]...)
				continue next
			}
		}
		out = append(out, item)
	}
	return out
}

func withPrices(items []catalog.Item) []catalog.Item {
	var out []catalog.Item
	for _, i := range items {
		if i.Priced() {
			out = append(out, i)
		}
	}
	return out
}

// An ItemsPatch changes the items of a product for one customer. What it leaves out
// stays.
type ItemsPatch struct {
	Price    *catalog.WantedItem   // instead of the base price; nil leaves it, or takes it away with NoPrice
	NoPrice  bool                  // there is no base price
	Features *[]catalog.WantedItem // instead of all items of features; nil leaves them
	Add      []catalog.WantedItem
	Remove   []ItemsMatch // what none of the items is refuses the patch
}

// An ItemsMatch selects items of features: by all that it says.
type ItemsMatch struct {
	FeatureID  string
	UsageModel catalog.UsageModel
	Cycle      *money.Cycle
	Included   *money.Decimal
}

func (m ItemsMatch) of(i catalog.Item) bool {
	return i.FeatureID != "" && (m.FeatureID == "" || m.FeatureID == i.FeatureID) && (m.UsageModel == "" || m.UsageModel == i.UsageModel) &&
		(m.Cycle == nil || m.Cycle.Plain() == i.Cycle.Plain()) && (m.Included == nil || m.Included.Equal(i.Included))
}

// patched returns the attach with Items: those of the product with the changes of its
// patch. Items are in the environment's currency.
func (cmd Attach) patched(stored, c *catalog.Catalog) (Attach, error) {
	base, patch := cmd.Products[0], *cmd.Patch
	if cmd.Publishable {
		return cmd, refusal.Invalid(ReasonTermsNotForSale, base.ID)
	}
	p, err := stored.ProductVersion(base.ID, base.Version)
	switch {
	case err != nil:
		return cmd, err
	case cmd.Custom && c.Seen():
		return cmd, refusal.Invalid(ReasonPatchInCurrency, c.Currency())
	case !cmd.Custom:
		base = p
	}
	if p, err = c.ProductVersion(base.ID, base.Version); err != nil {
		return cmd, err
	}
	var items []catalog.WantedItem
	prices, removed := 0, make([]bool, len(patch.Remove))
	if patch.Price != nil {
		items = append(items, *patch.Price)
	}
	for _, i := range base.Items {
		if i.FeatureID == "" {
			if prices++; patch.Price != nil || patch.NoPrice {
				continue
			}
		} else if patch.Features != nil {
			continue
		}
		gone := false
		for n, m := range patch.Remove {
			if m.of(i) {
				gone, removed[n] = true, true
			}
		}
		if !gone {
			i.BillingUnits = i.Pack() // which is not stored where it is 1
			items = append(items, catalog.WantedItem{Item: i})
		}
	}
	if prices > 1 && (patch.Price != nil || patch.NoPrice) {
		return cmd, refusal.Invalid(ReasonPatchOfPrices, base.ID, prices)
	}
	if n := slices.Index(removed, false); n >= 0 {
		return cmd, refusal.Invalid(ReasonPatchOfNothing, n, base.ID)
	}
	if patch.Features != nil {
		items = append(items, *patch.Features...)
	}
	items = append(items, patch.Add...)
	cmd.Items, cmd.Patch, cmd.Custom, cmd.Products = &items, nil, false, []catalog.Product{p}
	return cmd, nil
}
