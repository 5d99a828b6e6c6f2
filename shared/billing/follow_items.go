package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

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
	held := s.heldOn(c, *t, sub, now)
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
	begun := left.products(sub, gone, func(id string) bool { return s.withID(id) != nil }, now)
	if len(begun) == 0 {
		stay, gone = s.awaiting(stay, gone)
	}
	mark := StripeChange("")
	switch {
	case len(left.items) > 0:
		mark = ForeignPrices
	case s.crowded(c, *t, stay, gone, begun, now):
		mark = TwoOfOneGroup
	case s.stranded(*t, sub, slices.Concat(stay, begun), gone, now):
		mark = ChangeStranded
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
	t.leave(s, gone, now)
	for _, e := range s.replacedBy(c, begun, now) {
		if cp := s.withID(e.CustomerProductID); cp.SubscriptionID == "" { // what was free gives way
			t.end = append(t.end, e)
		}
	}
	t.begin = append(t.begin, begun...)
}

// heldOn lists the products that run on a subscription, after the transition so
// far; none where their prices are not known. While one waits whose day has
// come, or one is over by its date, Stripe is about to exchange prices and
// period, one after the other: there is nothing to judge before it has.
func (s State) heldOn(c *catalog.Catalog, t transition, sub Subscription, now time.Time) []CustomerProduct {
	var held []CustomerProduct
	for _, cp := range s.after(t, now) {
		at := cp.At(now)
		if cp.SubscriptionID != sub.ID || cp.Status == Expired || at == Scheduled {
			continue
		}
		if cp.Status == Scheduled || at == Expired || !pricesKnown(c, cp) {
			return nil
		}
		held = append(held, cp)
	}
	return held
}

// leave ends products whose prices are gone. One that was to begin by its date
// at this moment is dropped instead.
func (t *transition) leave(s State, gone []CustomerProduct, now time.Time) {
	for _, cp := range gone {
		if s.withID(cp.ID).Status == Scheduled {
			t.follow = slices.DeleteFunc(t.follow, func(f CustomerProduct) bool { return f.ID == cp.ID })
			t.drop = append(t.drop, cp.ID)
			continue
		}
		if cp.Status, cp.ChangedAtStripe = Expired, ""; cp.EndsAt.IsZero() || cp.EndsAt.After(now) {
			cp.EndsAt = now
		}
		t.set(s, cp)
	}
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
	lines, _ := recurringLines(c, ProductOf(c, cp), cp.Quantities)
	return !slices.ContainsFunc(lines, func(l PriceLine) bool { return l.StripeID == "" })
}

// set notes what a customer product is at Stripe, where that is something new.
func (t *transition) set(s State, next CustomerProduct) {
	t.follow = slices.DeleteFunc(t.follow, func(f CustomerProduct) bool { return f.ID == next.ID })
	if was := s.withID(next.ID); !sameProduct(*was, next) {
		t.follow = append(t.follow, next)
	}
}

// stranded reports whether a change that waits on the subscription would have
// nothing to change: the product of its group is gone.
func (s State) stranded(t transition, sub Subscription, there, gone []CustomerProduct, now time.Time) bool {
	for _, cp := range s.after(t, now) {
		ofGroup := func(other CustomerProduct) bool {
			return !other.AddOn && other.Group == cp.Group && other.Entity.ID == cp.Entity.ID
		}
		if cp.SubscriptionID == sub.ID && cp.At(now) == Scheduled && !cp.AddOn && slices.ContainsFunc(gone, ofGroup) && !slices.ContainsFunc(there, ofGroup) {
			return true
		}
	}
	return false
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
		if !mine && !cp.AddOn && cp.Entity.ID == s.Scope.ID && cp.SubscriptionID != "" && cp.Running(now) && !ProductOf(c, cp).OneOff() {
			in[cp.Group]++
		}
	}
	return slices.ContainsFunc(begun, func(cp CustomerProduct) bool { return !cp.AddOn && in[cp.Group] > 1 })
}
