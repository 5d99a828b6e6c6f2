package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// What is decided about free periods of a paid product, which a referral program gave.
const (
	BranchFreePeriods Branch = "free_periods"     // the product begins, and its first periods are free
	BranchPeriodsOff  Branch = "free_periods_off" // the customer pays for it, or for more: its price is taken off the next invoices
	BranchGoesOn      Branch = "goes_on"          // it was to end as there was no card to charge, and there is one now
)

// Gives reports whether a queued reward is free periods of a product, and no discount.
func (q QueuedReward) Gives() bool { return q.Reward.FreePeriods > 0 && !q.Reversal }

// NextGift returns the first free periods in the queue, or nil. They don't wait for a
// discount that runs, as they begin a subscription of their own.
func (s State) NextGift() *QueuedReward {
	if i := slices.IndexFunc(s.Queue, QueuedReward.Gives); i >= 0 {
		return &s.Queue[i]
	}
	return nil
}

// GiftWaits says until when free periods stay in the queue; zero when it is their turn.
//
//   - What is to end, and is followed by nothing that is paid, runs first: there is no
//     invoice to lower. So a second gift comes after the first where no card was on
//     file, and a product that was cancelled is used up before.
//   - A page on which the product or another one of its group is being bought decides
//     what the gift is, and so does staff's change of a subscription.
func (s State) GiftWaits(c *catalog.Catalog, q QueuedReward, now time.Time) time.Time {
	c = s.In(c)
	look := now.Add(lookLater)
	p, err := c.Product(q.Reward.FreeProduct)
	if err != nil {
		return time.Time{}
	}
	slots := Attach{Products: []catalog.Product{p}}.Slots()
	if slices.ContainsFunc(s.Operations, func(op Operation) bool {
		return op.State == AwaitingCheckout && slices.Contains(op.Slots, slots[0])
	}) {
		return look
	}
	main := s.paidPlan(c, p, now)
	if main == nil {
		return time.Time{}
	}
	lower := givesWay(c, p, *main)
	next := s.ScheduledPlan(main.Group, now)
	switch {
	case main.ChangedAtStripe != "", lower && main.At(now) == PastDue:
		return look
	case !lower && !main.EndsAt.IsZero() && (main.AddOn || next == nil || next.SubscriptionID == ""):
		return earlier(look, main.EndsAt)
	}
	return time.Time{}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// paidPlan is what the customer has of a product on a subscription: itself for an
// add-on, else whatever runs in its group. Nil where that costs nothing.
func (s State) paidPlan(c *catalog.Catalog, p catalog.Product, now time.Time) *CustomerProduct {
	held := s.ActivePlan(c, p.Group, now)
	if p.AddOn {
		held = s.CustomerProductOf(p.ID, now)
	}
	if held == nil || held.SubscriptionID == "" {
		return nil
	}
	return held
}

// givesWay reports whether what a customer pays for is less than a product.
func givesWay(c *catalog.Catalog, p catalog.Product, held CustomerProduct) bool {
	return held.ProductID != p.ID && p.Upgrades(ProductOf(c, held))
}

// DecideFreePeriods decides about free periods whose turn has come.
//
//   - With no plan of the group, or with a lower one, the product begins on a
//     subscription of its own with a discount of 100 % for these periods; what was paid
//     of a lower one's time left is credited. With a card it is charged afterwards;
//     without one the subscription ends, and the default product returns.
//   - With the same plan or a higher one, its price is taken off the next invoices, one
//     discount for each period.
//   - A product that is gone, or has no price for a period any more, or none in the
//     customer's currency, gives nothing.
func (s AttachState) DecideFreePeriods(q QueuedReward, operationID string, now time.Time) (Decision, error) {
	s.Catalog = s.In(s.Catalog)
	p, err := s.Catalog.Product(q.Reward.FreeProduct)
	if err != nil || !p.PaidEachPeriod() || s.Catalog.Offered(p) != nil {
		return Decision{Branch: BranchVoid, Reward: &q, Currency: s.Catalog.Currency(),
			Why: fmt.Sprintf("Reward %q of redemption %s is dropped: product %q is not sold for a period any more, or not in the customer's currency.", q.Reward.ID, q.RedemptionID, q.Reward.FreeProduct)}, nil
	}
	held := s.paidPlan(s.Catalog, p, now)
	if held != nil && !givesWay(s.Catalog, p, *held) {
		return s.periodsOff(q, p, *held, now), nil
	}
	return s.givePeriods(q, p, held, operationID, now)
}

// periodsOff puts a discount into the queue for each period, where the gift stood.
func (s AttachState) periodsOff(q QueuedReward, p catalog.Product, held CustomerProduct, now time.Time) Decision {
	d := Decision{Branch: BranchPeriodsOff, Reward: &q, Currency: s.Catalog.Currency(),
		Why: fmt.Sprintf("The customer has %q, so reward %q of redemption %s takes the price of %q off each of the next invoices: %d.",
			held.ProductID, q.Reward.ID, q.RedemptionID, p.ID, q.Reward.FreePeriods)}
	price, items, first := p.PeriodPrice(), s.fixedPrices(p, held), s.firstDiscount()
	if held.ProductID == p.ID { // what the customer pays for it may be more than it costs today
		price = money.Max(price, ProductOf(s.Catalog, held).PeriodPrice())
	}
	for n := range q.Reward.FreePeriods {
		one := QueuedReward{RedemptionID: q.RedemptionID, Reward: q.Reward, Since: q.Since.Add(time.Duration(n+1) * time.Millisecond)}
		one.Reward.Type, one.Reward.FreeProduct, one.Reward.FreePeriods = catalog.FixedDiscount, "", 0
		one.Reward.Discount = &catalog.Discount{Value: price, Duration: catalog.OneOffDiscount, ApplyToAll: items == nil, PriceIDs: items}
		if n == 0 {
			one.Side = q.Side // its turn is the redemption's
			if first == nil || q.Since.Before(first.Since) {
				one.NextCheckAt = now.Add(lookSoon)
			}
		}
		d.Queue = append(d.Queue, one)
	}
	if first != nil && q.Since.Before(first.Since) { // it was the first
		behind := *first
		behind.NextCheckAt = time.Time{}
		d.Queue = append(d.Queue, behind)
	}
	return d
}

// fixedPrices lists what the discounts for a gift lower: the fixed prices of what the
// customer has, and of what they may change to in its group meanwhile; not what other
// subscriptions charge. Nil is all there is, where items were made for the customer
// alone, which are not in the catalog, or a group has more than a discount takes.
func (s AttachState) fixedPrices(p catalog.Product, held CustomerProduct) (items []string) {
	if held.Custom != nil {
		return nil
	}
	beside := func(o *catalog.Product) bool { return o.ID == p.ID || !p.AddOn && !o.AddOn && o.Group == p.Group }
	all := s.Catalog.Select(beside)
	if now := ProductOf(s.Catalog, held); beside(&now) {
		all = append(all, now)
	}
	for _, product := range all {
		for _, i := range product.Items {
			if i.FeatureID == "" && i.Priced() && i.Cycle.Repeats() && !slices.Contains(items, i.ID) {
				items = append(items, i.ID)
			}
		}
	}
	if len(items) > mostFixedPrices {
		return nil
	}
	return items
}

// mostFixedPrices is how many prices a discount for a gift is limited to; each is made
// known to Stripe. Our choice, that of a reward's own price_ids.
const mostFixedPrices = 100

// givePeriods begins the product with free periods. Those that can't be one discount at
// Stripe, which counts in months, stay in the queue for the time after the first.
func (s AttachState) givePeriods(q QueuedReward, p catalog.Product, lower *CustomerProduct, operationID string, now time.Time) (Decision, error) {
	periods, terms := q.Reward.FreePeriods, freeOf(p)
	switch months := p.BillingCycle().Months(); {
	case periods > 1 && months > 0:
		terms.Duration, terms.Months = catalog.MonthsDiscount, periods*months
	default:
		periods = 1
	}
	free := catalog.Reward{ID: q.Reward.ID, InternalID: q.Reward.InternalID, Name: q.Reward.Name, Type: catalog.PercentageDiscount, Discount: &terms}
	d := s.purchase(Attach{OperationID: operationID, Products: []catalog.Product{p}, Quantities: nothingPrepaid(p), NoTrial: true, Reward: &free, Now: now}, BranchFreePeriods).subscribe()
	d.Given, d.Declined, d.Reward = nil, nil, &q
	d.Start[0].CreatedBy = q.RedemptionID // it is a gift, and no purchase
	d.Why = fmt.Sprintf("Redemption %s gives the customer %q; free periods: %d.", q.RedemptionID, p.ID, periods)
	begin := d.Steps[slices.IndexFunc(d.Steps, func(step Step) bool { return step.Subscription != nil })].Subscription
	begin.TaxOptional = begin.Taxed // a gift is not refused for want of an address
	if s.Card == "" {
		d.Why += " There is no card to charge afterwards, so it ends with them unless there is one by then."
		begin.Periods, begin.Cycle = periods, p.BillingCycle()
	}
	if left := q.Reward.FreePeriods - periods; left > 0 {
		rest := q
		rest.Side, rest.Reward.FreePeriods, rest.Since, rest.NextCheckAt = "", left, q.Since.Add(time.Millisecond), now.Add(lookSoon)
		d.Queue = []QueuedReward{rest}
	}
	if lower == nil {
		return d, nil
	}
	if err := lower.endable(true); err != nil {
		return Decision{}, err
	}
	d.Why += fmt.Sprintf(" %q ends, and what was paid of its time left is credited.", lower.ProductID)
	over, err := s.ended(s.Catalog, Decision{Start: d.Start, End: []Ending{{CustomerProductID: lower.ID}}, Currency: d.Currency}, *lower,
		Cancel{OperationID: operationID, Refund: true, Billed: s.Billed, Now: now})
	d.Steps, d.End, d.NotBilled = append(d.Steps, over.Steps...), over.End, over.NotBilled
	return d, err
}

// freeOf is what a free period takes off: all that the product charges for it, and once
// with the first, but nothing for use.
func freeOf(p catalog.Product) catalog.Discount {
	d := catalog.Discount{Value: money.Int(100), Duration: catalog.OneOffDiscount}
	for _, i := range p.Items {
		if i.InAdvance() && i.FeatureID == "" {
			d.PriceIDs = append(d.PriceIDs, i.ID)
		}
	}
	return d
}

// nothingPrepaid buys none of what is bought in a quantity: it is no part of the gift.
func nothingPrepaid(p catalog.Product) (none []catalog.Quantity) {
	for _, i := range p.Items {
		if i.UsageModel == catalog.Prepaid {
			none = append(none, catalog.Quantity{FeatureID: i.FeatureID})
		}
	}
	return none
}

// endsGiven dates a product that ends with its free periods, and what follows it.
func (op Operation) endsGiven(c *catalog.Catalog, cp CustomerProduct, r Results, now time.Time) []CustomerProduct {
	if op.Decision.Branch != BranchFreePeriods || r.Ends.IsZero() {
		return []CustomerProduct{cp}
	}
	cp.CanceledAt, cp.EndsAt = r.CanceledAt, r.Ends
	cp.CardCheckAt = cp.nextCardCheck(now)
	if cp.AddOn {
		return []CustomerProduct{cp}
	}
	return append([]CustomerProduct{cp}, fallback(c, cp, cp.ID+"_after", cp.EndsAt, now)...)
}
