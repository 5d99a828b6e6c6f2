package stripesim

import (
	"slices"

	"windfall/local/stripesim/object"
)

// change is an update of a subscription on its way.
type change struct {
	items      []*object.SubscriptionItem // as they will be
	proration  string                     // proration_behavior
	at         int64                      // proration_date
	behavior   string                     // payment_behavior
	offSession bool
	trialEnd   int64 // a later end of trial, 0 for none
	endTrial   bool  // trial_end=now
	anchorNow  bool
	anchorSame bool // billing_cycle_anchor=unchanged
	extra      []extraItem
}

func updateSubscription(c *call) (any, error) {
	old, err := c.subscription(c.id, "id")
	if err != nil {
		return nil, err
	}
	if err := c.updatable(old); err != nil {
		return nil, err
	}
	ch, err := c.readChange(old)
	if err != nil {
		return nil, err
	}
	sub := edit[*object.Subscription](c.tx, c.id)
	c.setCancellationDetails(sub)
	if err := c.dressSubscription(sub); err != nil {
		return nil, err
	}
	if err := c.setPause(sub); err != nil {
		return nil, err
	}
	if err := c.setSubscriptionDiscount(sub); err != nil {
		return nil, err
	}
	if err := c.apply(sub.ID, ch); err != nil {
		return nil, err
	}
	c.emit("customer.subscription.updated", sub)
	return sub, nil
}

// updatable refuses what Stripe refuses before it looks at the change.
func (c *call) updatable(sub *object.Subscription) error {
	if sub.Status == "canceled" {
		for _, name := range c.p.Names() {
			if name != "metadata" && name != "cancellation_details" && name != "expand" {
				return invalid(name, "A canceled subscription can only update its cancellation_details and metadata.")
			}
		}
	}
	if sub.Status == "incomplete_expired" {
		return invalid("", "This subscription cannot be updated because it has expired.")
	}
	if c.p.Any("cancel_at", "cancel_at_period_end") {
		if err := c.freeOfSchedule(sub, "cancel"); err != nil {
			return err
		}
	}
	if c.p.Str("payment_behavior") == "pending_if_incomplete" {
		for _, name := range c.p.Names() {
			if !slices.Contains(pendingAllows, name) {
				return invalid(name, "You cannot use `%s` together with `payment_behavior=pending_if_incomplete`.", name)
			}
		}
	}
	return nil
}

// pendingAllows are the parameters that pending updates know.
//
// https://docs.stripe.com/billing/subscriptions/pending-updates-reference
var pendingAllows = []string{"expand", "payment_behavior", "proration_behavior", "proration_date", "billing_cycle_anchor", "items", "trial_end", "trial_from_plan", "add_invoice_items", "off_session"}

func (c *call) readChange(sub *object.Subscription) (change, error) {
	ch := change{
		proration: c.p.StrOr("proration_behavior", "create_prorations"), at: c.now, behavior: c.p.StrOr("payment_behavior", "allow_incomplete"),
		offSession: c.p.Bool("off_session"), endTrial: c.p.Now("trial_end") && sub.Status == "trialing", anchorNow: c.p.Str("billing_cycle_anchor") == "now", anchorSame: c.p.Str("billing_cycle_anchor") == "unchanged",
	}
	var err error
	if ch.trialEnd, err = c.trialParam(c.p); err != nil {
		return ch, err
	}
	if c.p.Given("proration_date") {
		ch.at = c.p.Int("proration_date")
		if ch.at < sub.CurrentPeriodStart || ch.at > sub.CurrentPeriodEnd {
			return ch, invalid("proration_date", "Cannot specify proration date outside of current subscription period")
		}
	}
	if ch.extra, err = c.extraItems(c.p); err != nil {
		return ch, err
	}
	ch.items, err = c.changedItems(sub)
	return ch, err
}

// changedItems are the items after the items parameter: entries with an id
// change or delete one, the others add one.
func (c *call) changedItems(sub *object.Subscription) ([]*object.SubscriptionItem, error) {
	items := sub.Copy().(*object.Subscription).Items.Data
	for _, p := range c.p.List("items") {
		id := p.Str("id")
		if id == "" {
			item, err := c.newItem(p, sub.ID)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
			continue
		}
		item := findItem(items, id)
		if item == nil {
			return nil, missing("subscription_item", id, p.Path("id"))
		}
		if p.Bool("deleted") {
			items = slices.DeleteFunc(items, func(i *object.SubscriptionItem) bool { return i.ID == id })
			continue
		}
		if err := c.changeItem(item, p); err != nil {
			return nil, err
		}
	}
	if len(items) == 0 {
		return nil, invalid("items", "A subscription must have at least one item; cancel it instead.")
	}
	return items, checkItems(items, sub.Currency, "items")
}

// setSubscriptionDiscount: changing a discount alone never prorates.
func (c *call) setSubscriptionDiscount(sub *object.Subscription) error {
	if !c.p.Any("coupon", "promotion_code") {
		return nil
	}
	var fresh *object.Discount
	if c.p.Given("coupon") || c.p.Given("promotion_code") {
		r, err := c.redeemable(redemption{coupon: c.p.Str("coupon"), promotion: c.p.Str("promotion_code"), customer: sub.Customer, on: "update", currency: sub.Currency})
		if err != nil {
			return err
		}
		fresh = c.redeem(r, sub.Customer, sub.ID, "")
	}
	if sub.Discount != nil {
		c.emit("customer.discount.deleted", sub.Discount)
	}
	if sub.Discount = fresh; fresh != nil {
		c.emit("customer.discount.created", fresh)
	}
	return nil
}

func (c *call) setPause(sub *object.Subscription) error {
	if !c.p.Has("pause_collection") {
		return nil
	}
	if sub.PauseCollection = nil; c.p.Given("pause_collection") {
		p := c.p.Sub("pause_collection")
		sub.PauseCollection = &object.PauseCollection{Behavior: p.Str("behavior"), ResumesAt: object.Stamp(p.Int("resumes_at"))}
		if at := p.Int("resumes_at"); p.Given("resumes_at") && at <= c.now {
			return invalid("pause_collection[resumes_at]", "`resumes_at` must be in the future.")
		}
	}
	return nil
}

// restarts tells whether the billing cycle starts again now: the interval
// differs, something free becomes paid, or it was asked for.
//
// assumption: billing_cycle_anchor=unchanged keeps the cycle when something free
// becomes paid, and not when the interval differs.
//
// https://docs.stripe.com/billing/subscriptions/billing-cycle
func restarts(sub *object.Subscription, ch change) bool {
	if ch.endTrial {
		return true
	}
	if sub.Status == "trialing" || ch.trialEnd != 0 {
		return false
	}
	return ch.anchorNow || intervalOf(ch.items[0].Price) != subscriptionInterval(sub) || !ch.anchorSame && free(sub.Items.Data) && !free(ch.items)
}

// free: no item costs anything, whatever is used.
func free(items []*object.SubscriptionItem) bool {
	for _, item := range items {
		if metered(item.Price) || roundCost(item.Price, max(1, quantityOf(item))) != 0 {
			return false
		}
	}
	return true
}
