package stripesim

import (
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// portalAction does what a button says, within what the configuration allows.
func (c *call) portalAction(id string, do hosted.PortalAction) (any, error) {
	ps, err := need[*object.PortalSession](c.tx, "portal session", id, "id")
	if err != nil {
		return nil, err
	}
	if _, err := c.customer(ps.Customer, "customer"); err != nil {
		return nil, err
	}
	conf, _ := find[*object.PortalConfiguration](c.tx, ps.Configuration)
	switch do.Name {
	case "cancel":
		if !conf.Features.SubscriptionCancel.Enabled {
			return nil, invalid("action", "Cancelling is not enabled.")
		}
		return c.portalCancel(ps, conf, do.Subscription)
	case "resume":
		sub, err := c.ownSubscription(ps, do.Subscription)
		if err != nil {
			return nil, err
		}
		c.cancelAt(sub, 0, false)
		c.emit("customer.subscription.updated", sub)
		return sub, nil
	case "card":
		if !conf.Features.PaymentMethodUpdate.Enabled {
			return nil, invalid("action", "Changing the card is not enabled.")
		}
		return c.portalCard(ps, do.Card)
	}
	return nil, invalid("action", "Unknown action.")
}

func (c *call) ownSubscription(ps *object.PortalSession, id string) (*object.Subscription, error) {
	sub, ok := find[*object.Subscription](c.tx, id)
	if !ok || sub.Customer != ps.Customer || ended(sub) {
		return nil, missing("subscription", id, "subscription")
	}
	if err := c.freeOfSchedule(sub, ""); err != nil {
		return nil, err
	}
	return edit[*object.Subscription](c.tx, id), nil
}

func (c *call) portalCancel(ps *object.PortalSession, conf *object.PortalConfiguration, id string) (any, error) {
	sub, err := c.ownSubscription(ps, id)
	if err != nil {
		return nil, err
	}
	if f := conf.Features.SubscriptionCancel; f.Mode == "immediately" {
		c.cancelNow(id, f.ProrationBehavior != "none", f.ProrationBehavior == "always_invoice")
		return sub, nil
	}
	c.cancelAt(sub, sub.CurrentPeriodEnd, true)
	c.emit("customer.subscription.updated", sub)
	return sub, nil
}

// portalCard saves a card, makes it the default, and lets the subscriptions use
// it instead of theirs.
func (c *call) portalCard(ps *object.PortalSession, token string) (any, error) {
	id, err := c.attach(token, ps.Customer)
	if err != nil {
		return nil, err
	}
	cus := edit[*object.Customer](c.tx, ps.Customer)
	cus.InvoiceSettings.DefaultPaymentMethod = object.Text(id)
	c.emit("customer.updated", cus)
	for _, open := range c.openSubscriptions(ps.Customer) {
		if open.DefaultPaymentMethod != "" {
			sub := edit[*object.Subscription](c.tx, open.ID)
			sub.DefaultPaymentMethod = object.Text(id)
			c.emit("customer.subscription.updated", sub)
		}
	}
	return cus, nil
}
