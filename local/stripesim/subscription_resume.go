package stripesim

import "windfall/local/stripesim/object"

// resumeSubscription wakes a paused subscription.
//
// https://docs.stripe.com/api/subscriptions/resume
func resumeSubscription(c *call) (any, error) {
	old, err := c.subscription(c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Status != "paused" {
		return nil, invalid("", "The subscription is not paused and cannot be resumed.")
	}
	sub := edit[*object.Subscription](c.tx, c.id)
	sub.Status = "active"
	if c.p.Str("billing_cycle_anchor") == "unchanged" {
		every := billingCycle(sub)
		sub.CurrentPeriodEnd = every.After(sub.BillingCycleAnchor, c.now)
		sub.CurrentPeriodStart = every.Before(sub.BillingCycleAnchor, sub.CurrentPeriodEnd)
	} else {
		c.restart(sub)
	}
	ch := change{items: sub.Items.Data, behavior: "allow_incomplete"}
	if err := c.invoiceChange(old, sub, ch, true); err != nil {
		return nil, err
	}
	c.emit("customer.subscription.resumed", sub)
	c.emit("customer.subscription.updated", sub)
	return sub, nil
}
