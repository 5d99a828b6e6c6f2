package catalog

import "slices"

// Parts are the items of a product in three places: the price of the product, its
// further plain prices, and the features. nil leaves those of a place as they are.
type Parts struct {
	Base     *[]WantedItem // one plain price at most
	Fees     *[]WantedItem
	Features *[]WantedItem
}

// A Left names what of an item its sender says nothing of: that is as in the item
// which this one continues, if there is one.
type Left struct{ ResetUsage, TaxBehavior, UsageLimit, Proration, Entity, Count bool }

// Base is the price of the product: of its plain prices the first that repeats, or else
// the first. nil is none.
func (p Product) Base() *Item {
	var base *Item
	for n := range p.Items {
		i := &p.Items[n]
		if i.Kind() == PlainPrice && (base == nil || i.Cycle.Repeats() && !base.Cycle.Repeats()) {
			base = i
		}
	}
	return base
}

// Parted returns the items of a product in their places. Each list is in the order of
// the items.
func (p Product) Parted() (base *Item, fees, features []Item) {
	base = p.Base()
	for n := range p.Items {
		switch {
		case p.Items[n].Kind() != PlainPrice:
			features = append(features, p.Items[n])
		case &p.Items[n] != base:
			fees = append(fees, p.Items[n])
		}
	}
	return base, fees, features
}

// wanted lists all items that an edit of p asks for; nil leaves them as they are.
func (cmd EditProduct) wanted(p Product) *[]WantedItem {
	wanted := cmd.Items
	if cmd.Parts != nil {
		all := cmd.Parts.of(p)
		wanted = &all
	}
	if wanted == nil {
		return nil
	}
	all := continuing(*wanted, p.Items)
	return &all
}

// continuing takes what the senders of items left out from the items that these continue:
// each from one of its own, first of all from one of the same price and allowance.
func continuing(wanted []WantedItem, old []Item) []WantedItem {
	out, open := slices.Clone(wanted), slices.Clone(old)
	done := make([]bool, len(out))
	for _, fits := range []func(WantedItem, Item) bool{func(w WantedItem, o Item) bool { return w.continues(o) && w.looksLike(o) }, WantedItem.continues} {
		for n, w := range out {
			at := slices.IndexFunc(open, func(o Item) bool { return fits(w, o) })
			if done[n] || at < 0 {
				continue
			}
			out[n], done[n] = w.filled(open[at]), true
			open = slices.Delete(open, at, at+1)
		}
	}
	return out
}

// of puts the parts together: what is wanted of each place, or the items it has in p. Plain
// prices and features take turns as they do in p, so that an item that stays keeps its
// place.
func (parts Parts) of(p Product) []WantedItem {
	base, fees, features := p.Parted()
	var bases []Item
	if base != nil {
		bases = []Item{*base}
	}
	prices := slices.Concat(said(parts.Base, bases), said(parts.Fees, fees))
	granted := said(parts.Features, features)
	var out []WantedItem
	for _, i := range p.Items {
		from := &granted
		if i.Kind() == PlainPrice {
			from = &prices
		}
		if len(*from) > 0 {
			out, *from = append(out, (*from)[0]), (*from)[1:]
		}
	}
	return slices.Concat(out, prices, granted)
}

func said(wanted *[]WantedItem, held []Item) []WantedItem {
	if wanted != nil {
		return *wanted
	}
	out := make([]WantedItem, len(held))
	for n, i := range held {
		out[n] = WantedItem{Item: i}
		out[n].BillingUnits = i.Pack()
	}
	return out
}

// filled takes what its sender left out from the item that w continues.
func (w WantedItem) filled(o Item) WantedItem {
	if w.Left.ResetUsage {
		w.ResetUsage = o.ResetUsage
	}
	if w.Left.TaxBehavior {
		w.TaxBehavior = o.TaxBehavior
	}
	if w.Left.UsageLimit && (o.UsageLimit == nil || !o.UsageLimit.LessThan(w.Included)) {
		w.UsageLimit = o.UsageLimit
	}
	if w.Left.Proration {
		w.OnIncrease, w.OnDecrease = o.OnIncrease, o.OnDecrease
	}
	if w.Left.Entity {
		w.EntityID = o.EntityID
	}
	if w.Left.Count {
		w.Cycle = o.Cycle
	}
	return w
}

// continues reports whether w is o, perhaps with another price or allowance: a product has
// one item for each of these.
func (w WantedItem) continues(o Item) bool {
	return w.FeatureID == o.FeatureID && (w.Left.Entity || w.EntityID == o.EntityID) && w.HasPrice() == o.HasPrice() && w.UsageModel == o.UsageModel &&
		w.Cycle.Interval == o.Cycle.Interval && (w.Left.Count || w.Cycle.Plain() == o.Cycle.Plain())
}

// looksLike reports whether w has the price of o and includes the same.
func (w WantedItem) looksLike(o Item) bool {
	return equalOrNil(w.Price, o.Price) && w.Prices.same(o.Prices) && w.Included.Equal(o.Included) && w.Unlimited == o.Unlimited
}

// trial is the trial that an edit asks for, of a product with this one now.
func (cmd EditProduct) trial(now *FreeTrial) *FreeTrial {
	if cmd.Trial == nil || !cmd.TrialLeft || now == nil {
		return cmd.Trial
	}
	trial := *cmd.Trial
	trial.UniqueFingerprint = now.UniqueFingerprint
	return &trial
}
