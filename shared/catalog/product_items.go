package catalog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// MaxItems leaves room for as many new features in one transaction.
const MaxItems = 50

// ItemsOf turns the items asked for into those of a product version, in the catalog's
// currency. Items that are as they were in old keep their id, and with it their Stripe
// price. features gets the features that the items create.
func (c *Catalog) ItemsOf(wanted []WantedItem, old []Item, features map[string]Feature, operationID string, now time.Time) ([]Item, error) {
	items, err := c.itemsOf(wanted, old, features, operationID, now)
	return items, placed(wanted, err)
}

func (c *Catalog) itemsOf(wanted []WantedItem, old []Item, features map[string]Feature, operationID string, now time.Time) ([]Item, error) {
	if len(wanted) > MaxItems {
		return nil, refusal.Invalid(ReasonItemsTooMany, MaxItems, len(wanted))
	}
	if tiers := tiersOf(wanted); tiers > maxProductTiers {
		return nil, refusal.Invalid(ReasonTiersOfProductTooMany, maxProductTiers, tiers)
	}
	var items []Item
	for n, w := range wanted {
		item, err := w.known(c.Settings.Currency, features, now)
		if err != nil {
			return nil, atItem(n, err)
		}
		if c.Currency() != c.Settings.Currency {
			sold := false
			if item, sold = item.In(c.Currency()); !sold {
				return nil, atItem(n, refusal.Invalid(ReasonItemNotOffered, c.Currency()))
			}
		}
		items = append(items, item)
	}
	if err := seatsWithin(items, features); err != nil {
		return nil, err
	}
	kept := slices.Clone(old)
	for n := range items {
		items[n].ID = fmt.Sprintf("pr_%s_%d", operationID, n)
		if i := slices.IndexFunc(kept, items[n].Same); i >= 0 {
			items[n].ID = kept[i].ID
			kept = slices.Delete(kept, i, i+1)
		}
	}
	return items, checkTogether(items, c.Currency())
}

// seatsWithin: what seats cost or bring back that are billed more often than the
// subscription never waits for its next invoice, which may be far off. Freed ones stay paid
// until their own period is over.
func seatsWithin(items []Item, features map[string]Feature) error {
	p := Product{Items: items}
	for n := range items {
		i := &items[n]
		if features[i.FeatureID].Type != ContinuousUse || !p.BillsWithin(*i) {
			continue
		}
		switch {
		case i.OnIncrease == "prorate_next_cycle" || i.OnIncrease == "bill_next_cycle":
			return atItem(n, refusal.Invalid(ReasonSeatsWaitForThePeriod, i.OnIncrease, i.Cycle, p.BillingCycle()))
		case i.OnDecrease == "":
			i.OnDecrease = "none"
		case i.OnDecrease != "none" && i.OnDecrease != "no_prorations":
			return atItem(n, refusal.Invalid(ReasonSeatsWithinNotCredited, i.OnDecrease, i.Cycle, p.BillingCycle()))
		}
	}
	return nil
}

func tiersOf(wanted []WantedItem) (n int) {
	for _, w := range wanted {
		n += len(w.Tiers)
	}
	return n
}

// known checks an item against the features it names, and adds a feature that
// it describes by feature_type.
func (w WantedItem) known(currency money.Currency, features map[string]Feature, now time.Time) (Item, error) {
	if err := w.checkEntities(features); err != nil {
		return Item{}, err
	}
	if _, known := features[w.FeatureID]; !known && w.FeatureID != "" {
		if w.FeatureType == "" {
			return Item{}, refusal.ErrFeatureNotFound(w.FeatureID)
		}
		f, err := DecideCreateFeature(&Catalog{Features: features}, EditFeature{ID: w.FeatureID, Type: &w.FeatureType, Now: now})
		if err != nil {
			return Item{}, err
		}
		features[w.FeatureID] = f
	}
	return w.ruled(features[w.FeatureID], currency)
}

// checkEntities: what each entity is granted has no price of its own; a product that is
// attached to one entity has its prices. Entities are of a feature that is held, as each of
// them takes one unit of it.
func (w WantedItem) checkEntities(features map[string]Feature) error {
	if w.EntityID == "" {
		return nil
	}
	f, known := features[w.EntityID]
	switch {
	case !known:
		return refusal.ErrFeatureNotFound(w.EntityID)
	case f.Type != ContinuousUse:
		return refusal.Invalid(ReasonEntitiesNotHeld, w.EntityID, f.Type)
	case w.FeatureID == w.EntityID:
		return refusal.Invalid(ReasonEntityOfItself, w.EntityID)
	case w.HasPrice():
		return refusal.Invalid(ReasonPriceOfEntities, w.EntityID)
	}
	return nil
}

// atItem says in an error's message which item is meant.
func atItem(n int, err error) error {
	var known *refusal.Error
	if !errors.As(err, &known) {
		return err
	}
	at := *known
	at.Item = n + 1
	return &at
}

// placed says in an error's message where its item stands in the request, if the request
// put the items together from several places. One that stays has no place in it.
func placed(wanted []WantedItem, err error) error {
	var known *refusal.Error
	if !errors.As(err, &known) || known.Item == 0 || !slices.ContainsFunc(wanted, func(w WantedItem) bool { return w.At != "" }) {
		return err
	}
	at := *known
	at.At, at.Item = wanted[known.Item-1].At, 0
	return &at
}

// Same reports whether two items mean the same; their ids are not looked at.
func (i Item) Same(o Item) bool {
	return i.CostsSame(o) && i.Included.Equal(o.Included) && i.Unlimited == o.Unlimited && i.ResetUsage == o.ResetUsage &&
		equalOrNil(i.UsageLimit, o.UsageLimit) && i.OnIncrease == o.OnIncrease && i.OnDecrease == o.OnDecrease
}

// CostsSame reports whether two items have the same price for the same thing,
// whatever they include. A price that contains its tax is another one, also at Stripe.
func (i Item) CostsSame(o Item) bool {
	return i.FeatureID == o.FeatureID && i.EntityID == o.EntityID && i.Cycle.Plain() == o.Cycle.Plain() && equalOrNil(i.Price, o.Price) && i.Prices.same(o.Prices) &&
		slices.EqualFunc(i.Tiers, o.Tiers, func(a, b Tier) bool {
			return equalOrNil(a.To, b.To) && a.Amount.Equal(b.Amount) && a.Prices.same(b.Prices)
		}) &&
		i.UsageModel == o.UsageModel && i.Pack().Equal(o.Pack()) && i.TaxBehavior == o.TaxBehavior
}

func equalOrNil(a, b *money.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

// sameItems reports whether two products sell the same items, in any order.
func sameItems(a, b []Item) bool {
	ids := map[string]bool{}
	for _, i := range a {
		ids[i.ID] = true
	}
	return len(a) == len(b) && !slices.ContainsFunc(b, func(i Item) bool { return !ids[i.ID] })
}

// NewFeatures lists what known holds beyond the catalog, ordered by id.
func (c *Catalog) NewFeatures(known map[string]Feature) []Feature {
	var made []Feature
	for _, id := range slices.Sorted(maps.Keys(known)) {
		if _, old := c.Features[id]; !old {
			made = append(made, known[id])
		}
	}
	return made
}

func (c *Catalog) CopyFeatures() map[string]Feature {
	known := maps.Clone(c.Features)
	if known == nil {
		known = map[string]Feature{}
	}
	return known
}
