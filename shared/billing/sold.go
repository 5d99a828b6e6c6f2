package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// sold takes the items of a subscription apart into products.
type sold struct {
	c     *catalog.Catalog
	items []SubscriptionItem
}

// take takes the prices of a product off, and returns its prepaid quantities. It
// takes none unless all are there: the plain ones once each, the prepaid ones
// in any number.
func (s *sold) take(p catalog.Product, had []catalog.Quantity) ([]catalog.Quantity, bool) {
	rest, taken := slices.Clone(s.items), 0
	var bought []catalog.Quantity
	for _, item := range p.Items {
		if !item.InAdvance() || !item.Cycle.Repeats() {
			continue
		}
		i := s.find(rest, item.ID)
		prepaid := item.UsageModel == catalog.Prepaid
		switch {
		case i < 0 && !prepaid, i >= 0 && !prepaid && rest[i].Quantity != 1:
			return had, false
		case i < 0:
			if !catalog.PacksOf(item, had).IsZero() {
				bought = append(bought, catalog.Quantity{FeatureID: item.FeatureID})
			}
			continue
		case prepaid && catalog.PacksOf(item, had).IntPart() != rest[i].Quantity:
			bought = append(bought, catalog.Quantity{FeatureID: item.FeatureID, Quantity: money.Int(rest[i].Quantity).Mul(item.Pack())})
		}
		rest, taken = slices.Delete(rest, i, i+1), taken+1
	}
	if taken == 0 {
		i := s.find(rest, usageItem(p).ID)
		if i < 0 || rest[i].Quantity != 1 {
			return had, false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	s.items = rest
	if len(bought) == 0 {
		return had, true
	}
	return catalog.MergeQuantities(had, bought), true
}

func (s *sold) find(items []SubscriptionItem, itemID string) int {
	id := s.c.StripePrices[itemID]
	return slices.IndexFunc(items, func(i SubscriptionItem) bool { return id != "" && i.PriceID == id })
}

// candidates are the products that have any of the prices.
func (s *sold) candidates() map[string][]catalog.Product {
	out := map[string][]catalog.Product{}
	for item, price := range s.c.StripePrices {
		if price == "" || !slices.ContainsFunc(s.items, func(i SubscriptionItem) bool { return i.PriceID == price }) {
			continue
		}
		p, _, known := s.c.ItemOf(item)
		if !known { // it is the usageItem of a product, or of none any more
			return s.c.Products
		}
		out[p.ID] = s.c.Products[p.ID]
	}
	return out
}

// products takes off what are the prices of products, the one with the most
// prices first, of two versions the later. One that takes the place of a
// product of its group has its end. has reports whether the customer holds an id
// already: two exchanges may come in one millisecond.
func (s *sold) products(sub Subscription, gone []CustomerProduct, has func(id string) bool, now time.Time) []CustomerProduct {
	var begun []CustomerProduct
	count := -1
	newID := func() (id string) {
		for id == "" || has(id) {
			count++
			id = fmt.Sprintf("cp_%s_%d_%d", sub.ID, now.UnixMilli(), count)
		}
		return id
	}
	for len(s.items) > 0 {
		var best catalog.Product
		left := *s
		for _, versions := range s.candidates() {
			for _, p := range versions {
				trial := *s
				if !p.Recurring() {
					continue
				}
				if _, all := trial.take(p, nil); all && (len(trial.items) < len(left.items) ||
					len(trial.items) == len(left.items) && best.ID != "" && (p.ID < best.ID || p.ID == best.ID && p.Version > best.Version)) {
					best, left = p, trial
				}
			}
		}
		if best.ID == "" {
			return begun
		}
		quantities, _ := s.take(best, nil)
		cp := CustomerProduct{ID: newID(), ProductID: best.ID, Version: best.Version,
			Group: best.Group, AddOn: best.AddOn, StartsAt: now, Quantity: 1, Quantities: quantities, SubscriptionID: sub.ID}
		for _, old := range gone {
			cp.Entity = old.Entity
			if old.Group == cp.Group && !old.AddOn && !cp.AddOn {
				cp.CanceledAt, cp.EndsAt = old.CanceledAt, old.EndsAt
			}
		}
		begun = append(begun, sub.of(s.c, cp, now))
	}
	return begun
}

// Sold reports whether a product of the customer's is, or was, on a subscription.
func (s State) Sold(subscriptionID string) bool {
	return slices.ContainsFunc(s.Products, func(cp CustomerProduct) bool { return cp.SubscriptionID == subscriptionID })
}
