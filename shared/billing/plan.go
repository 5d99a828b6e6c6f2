package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A plan is what becomes of a subscription at the end of its period: the
// customer products that go on, and whether any ends.
type plan struct {
	stay   []CustomerProduct // go on, or begin then
	ends   bool              // some customer product ends
	begins bool              // some customer product begins
}

// planOf reads the plan of a subscription off the customer products.
func planOf(products []CustomerProduct, subscriptionID string, now time.Time) plan {
	var p plan
	for _, cp := range products {
		switch {
		case subscriptionID == "" || cp.SubscriptionID != subscriptionID:
		case cp.At(now) == Scheduled:
			p.begins = true
			p.stay = append(p.stay, cp)
		case !cp.Running(now):
		case !cp.EndsAt.IsZero():
			p.ends = true
		default:
			p.stay = append(p.stay, cp)
		}
	}
	return p
}

// set reports whether anything is to happen at all.
func (p plan) set() bool { return p.ends || p.begins }

func (p plan) same(other plan) bool {
	return !p.set() && !other.set() || p.ends == other.ends && p.begins == other.begins && slices.EqualFunc(p.stay, other.stay, func(a, b CustomerProduct) bool {
		return a.ID == b.ID && slices.EqualFunc(a.Quantities, b.Quantities, catalog.Quantity.Same)
	})
}

// step is what Stripe is asked for the plan, and the prices it needs first.
func (p plan) step(c *catalog.Catalog, subscriptionID string, cycle money.Cycle) []Step {
	set := &SetPlan{SubscriptionID: subscriptionID}
	var steps []Step
	switch {
	case !p.set():
	case len(p.stay) == 0:
		set.Ends = true
	default:
		for _, cp := range p.stay {
			product := ProductOf(c, cp)
			lines, prices := recurringLines(c, product, cp.Quantities)
			set.Next, steps = append(set.Next, lines...), append(steps, prices...)
			set.Restart = set.Restart || product.BillingCycle().Plain() != cycle.Plain()
		}
	}
	return append(steps, Step{Name: "plan", Plan: set})
}

// planned adds what Stripe is asked so that every subscription ends its period
// as the decision has it. It refuses a plan that Stripe can't carry out.
func (s State) planned(c *catalog.Catalog, d Decision, now time.Time) (Decision, error) {
	after := s.after(s.transition(c, d, d.Start, now), now)
	for _, id := range subscriptions(s.Products, now) {
		was, next := planOf(s.Products, id, now), planOf(after, id, now)
		together := slices.DeleteFunc(slices.Clone(after), func(cp CustomerProduct) bool { return cp.SubscriptionID != id || !cp.Running(now) })
		if intervals(c, next.stay) > 1 || intervals(c, together) > 1 { // what is to end is on it until then
			return d, refusal.Invalid(ReasonIntervalsOfAPlan)
		}
		if was.same(next) || !next.set() && len(next.stay) == 0 { // nothing to ask, or all of it ends now
			continue
		}
		for _, cp := range after { // a plan ends with the period, and so would everything else that is to end
			if was := s.withID(cp.ID); cp.SubscriptionID == id && cp.Running(now) && was != nil && !cp.EndsAt.IsZero() &&
				cp.EndsAt.Equal(was.EndsAt) && cp.EndsAt.Before(cp.Period.End) {
				return d, refusal.Invalid(ReasonEndWithinPeriod, cp.ProductID, day(cp.EndsAt))
			}
		}
		d.Steps = append(d.Steps, next.step(c, id, cycleOf(c, s.Products, id, now))...)
	}
	return d, nil
}

// intervals counts the intervals in which products are billed.
func intervals(c *catalog.Catalog, products []CustomerProduct) int {
	cycles := map[money.Cycle]bool{}
	for _, cp := range products {
		cycles[ProductOf(c, cp).BillingCycle().Plain()] = true
	}
	return len(cycles)
}

// subscriptions lists those that run.
func subscriptions(products []CustomerProduct, now time.Time) []string {
	var ids []string
	for _, cp := range products {
		if cp.SubscriptionID != "" && cp.Running(now) && !slices.Contains(ids, cp.SubscriptionID) {
			ids = append(ids, cp.SubscriptionID)
		}
	}
	return ids
}

// cycleOf is the interval a subscription is billed in.
func cycleOf(c *catalog.Catalog, products []CustomerProduct, subscriptionID string, now time.Time) money.Cycle {
	for _, cp := range products {
		if cp.SubscriptionID == subscriptionID && cp.Running(now) {
			return ProductOf(c, cp).BillingCycle()
		}
	}
	return money.Cycle{}
}

// recurringLines are the prices a product has on a subscription, and the steps
// that make those Stripe does not know yet.
func recurringLines(c *catalog.Catalog, p catalog.Product, options []catalog.Quantity) ([]PriceLine, []Step) {
	var lines []PriceLine
	var steps []Step
	add := func(item catalog.Item, packs money.Decimal) {
		id := c.StripePrices[item.ID]
		lines = append(lines, PriceLine{ItemID: item.ID, StripeID: id, Quantity: packs.IntPart(), Recurring: true})
		if id == "" {
			steps = append(steps, Step{Name: "price_" + item.ID, Price: stripePrice(c, p, item)})
		}
	}
	for _, item := range p.Items {
		if packs := catalog.PacksOf(item, options); item.InAdvance() && item.Cycle.Repeats() && packs.IsPositive() {
			add(item, packs)
		}
	}
	if len(lines) == 0 && p.Recurring() {
		add(usageItem(p), money.One)
	}
	return lines, steps
}
