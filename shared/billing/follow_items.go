package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// ChangedAtStripe is the rule of entries about a subscription that staff
// changed in a way that can't be followed.
const ChangedAtStripe = "changed_at_stripe"

// A StripeChange is something done to a subscription at Stripe that no rule
// here has an answer to.
type StripeChange string

const (
	ForeignPrices  StripeChange = "foreign_prices"      // a price of no product, or a part of a product's prices, or a plain price more than once
	TwoOfOneGroup  StripeChange = "products_of_a_group" // it sells two products of one group, or one beside another subscription's
	PausedAtStripe StripeChange = "paused"              // invoices are not collected
)

// StripeChanges lists every kind, so that a test can prove that each has its words.
func StripeChanges() []StripeChange {
	return []StripeChange{ForeignPrices, TwoOfOneGroup, PausedAtStripe}
}

// Reason names the kind in refusals.
func (ch StripeChange) Reason() refusal.Reason {
	return map[StripeChange]refusal.Reason{ForeignPrices: ReasonForeignPrices, TwoOfOneGroup: ReasonTwoOfOneGroup, PausedAtStripe: ReasonPausedAtStripe}[ch]
}

func (ch StripeChange) why() string {
	return map[StripeChange]string{
		ForeignPrices:  "The subscription was changed at Stripe to prices that are not those of products here.",
		TwoOfOneGroup:  "The subscription was changed at Stripe to the prices of two products of which a customer holds one.",
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

// followItems makes the products of a subscription those whose prices are on it.
//
//   - A product whose prices are all there stays; its prepaid quantities are
//     those that Stripe bills.
//   - A product whose prices are gone has ended, or was never begun.
//   - A product whose prices have come begins, with the dates of the product of
//     its group that has ended.
//   - What is not the prices of products is marked on all of them, and nothing
//     else is followed: they stay what they are until Stripe is put right.
func (s State) followItems(c *catalog.Catalog, t *transition, sub Subscription, now time.Time) {
	if sub.status() == Expired || len(sub.Items) == 0 {
		return
	}
	var held []CustomerProduct
	for _, cp := range s.after(*t, now) {
		if cp.SubscriptionID == sub.ID && cp.Status != Expired && cp.Status != Scheduled {
			if !pricesKnown(c, cp) {
				return
			}
			held = append(held, cp)
		}
	}
	if len(held) == 0 {
		return
	}
	left := sold{c: c, items: slices.Clone(sub.Items)}
	var stay, gone []CustomerProduct
	for _, cp := range held {
		if quantities, all := left.take(ProductOf(c, cp), cp.Quantities); all {
			cp.Quantities = quantities
			stay = append(stay, cp)
		} else {
			gone = append(gone, cp)
		}
	}
	begun := left.products(sub, gone, now)
	if len(begun) == 0 {
		stay, gone = s.awaiting(stay, gone)
	}
	mark := StripeChange("")
	switch {
	case len(left.items) > 0:
		mark = ForeignPrices
	case s.crowded(c, *t, stay, gone, begun, now):
		mark = TwoOfOneGroup
	case sub.Paused:
		mark = PausedAtStripe
	}
	if mark != "" && mark != PausedAtStripe {
		stay, gone, begun = held, nil, nil
	}
	for i := range begun {
		begun[i].ChangedAtStripe = mark
		t.keepUsage = t.keepUsage || len(begun) == 1 && len(gone) == 1 && gone[0].ProductID == begun[i].ProductID
	}
	for _, cp := range stay {
		cp.ChangedAtStripe = mark
		t.set(s, cp)
	}
	for _, cp := range gone {
		if was := s.withID(cp.ID); was.Status == Scheduled {
			t.follow = slices.DeleteFunc(t.follow, func(f CustomerProduct) bool { return f.ID == cp.ID })
			t.drop = append(t.drop, cp.ID)
			continue
		}
		if cp.Status, cp.ChangedAtStripe = Expired, ""; cp.EndsAt.IsZero() || cp.EndsAt.After(now) {
			cp.EndsAt = now
		}
		t.set(s, cp)
	}
	for _, e := range s.replacedBy(c, begun, now) {
		if cp := s.withID(e.CustomerProductID); cp.SubscriptionID == "" { // what was free gives way
			t.end = append(t.end, e)
		}
	}
	t.begin = append(t.begin, begun...)
}

// awaiting keeps products that have just begun by their date, while Stripe has
// yet to exchange the prices.
func (s State) awaiting(stay, gone []CustomerProduct) (stays, goes []CustomerProduct) {
	for _, cp := range gone {
		if s.withID(cp.ID).Status == Scheduled {
			stay = append(stay, cp)
		} else {
			goes = append(goes, cp)
		}
	}
	return stay, goes
}

// pricesKnown reports whether the catalog tells which prices a product has at
// Stripe. One that was read before the product was bought doesn't, nor one from
// which its version was removed.
func pricesKnown(c *catalog.Catalog, cp CustomerProduct) bool {
	if _, err := c.ProductVersion(cp.ProductID, cp.Version); err != nil && cp.Custom == nil {
		return false
	}
	lines, _ := recurringLines(c, ProductOf(c, cp), cp.Quantities, money.DefaultCurrency)
	return !slices.ContainsFunc(lines, func(l PriceLine) bool { return l.StripeID == "" })
}

// set notes what a customer product is at Stripe, where that is something new.
func (t *transition) set(s State, next CustomerProduct) {
	t.follow = slices.DeleteFunc(t.follow, func(f CustomerProduct) bool { return f.ID == next.ID })
	if was := s.withID(next.ID); !sameProduct(*was, next) {
		t.follow = append(t.follow, next)
	}
}

// crowded reports whether a group would have two main products that are paid.
func (s State) crowded(c *catalog.Catalog, t transition, stay, gone, begun []CustomerProduct, now time.Time) bool {
	in := map[string]int{}
	for _, cp := range slices.Concat(stay, begun) {
		if !cp.AddOn {
			in[cp.Group]++
		}
	}
	for _, cp := range s.after(t, now) {
		mine := slices.ContainsFunc(slices.Concat(stay, gone), func(h CustomerProduct) bool { return h.ID == cp.ID })
		if !mine && !cp.AddOn && cp.SubscriptionID != "" && cp.Running(now) && !ProductOf(c, cp).OneOff() {
			in[cp.Group]++
		}
	}
	return slices.ContainsFunc(begun, func(cp CustomerProduct) bool { return !cp.AddOn && in[cp.Group] > 1 })
}

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

// products takes off what are the prices of products, the one with the most
// prices first, of two versions the later. One that takes the place of a
// product of its group has its end.
func (s *sold) products(sub Subscription, gone []CustomerProduct, now time.Time) []CustomerProduct {
	var begun []CustomerProduct
	for len(s.items) > 0 {
		var best catalog.Product
		left := *s
		for _, versions := range s.c.Products {
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
		cp := CustomerProduct{ID: fmt.Sprintf("cp_%s_%d_%d", sub.ID, now.UnixMilli(), len(begun)), ProductID: best.ID, Version: best.Version,
			Group: best.Group, AddOn: best.AddOn, StartsAt: now, Quantity: 1, Quantities: quantities, SubscriptionID: sub.ID}
		for _, old := range gone {
			if old.Group == cp.Group && !old.AddOn && !cp.AddOn {
				cp.CanceledAt, cp.EndsAt = old.CanceledAt, old.EndsAt
			}
		}
		begun = append(begun, sub.of(s.c, cp))
	}
	return begun
}
