package stripesim

import (
	"slices"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const itemChange = "metadata:m price " + recurringPriceData + " quantity:i proration_date:t " + paymentBehavior + " " + prorationBehavior

var subscriptionItemRoutes = []endpoint{
	{"POST /v1/subscription_items", "subscription! " + itemChange, createSubscriptionItem},
	{"GET /v1/subscription_items", "subscription!" + pageParams, listSubscriptionItems},
	{"GET /v1/subscription_items/{id}", "", getSubscriptionItem},
	{"POST /v1/subscription_items/{id}", "off_session:b " + itemChange, updateSubscriptionItem},
	{"DELETE /v1/subscription_items/{id}", "clear_usage:b proration_date:t " + prorationBehavior, deleteSubscriptionItem},
	{"POST /v1/subscription_items/{id}/usage_records", "action:(increment,set) quantity!:i timestamp:tn", createUsageRecord},
	{"GET /v1/subscription_items/{id}/usage_record_summaries", pageParams, listUsageSummaries},
}

// changeItem applies price, quantity and metadata of a parameter object. The
// quantity stays when only the price changes.
func (t *tx) changeItem(item *object.SubscriptionItem, p *form.Params) error {
	if p.Given("price") || p.Given("price_data") {
		if p.Str("price") != item.Price.ID {
			price, err := t.priceOf(p, true)
			if err != nil {
				return err
			}
			item.Price = price
		}
		switch {
		case metered(item.Price):
			item.Quantity = nil
		case item.Quantity == nil:
			item.Quantity = ptr(int64(1))
		}
	}
	return setItem(item, p)
}

// itemOwner is the subscription that an item belongs to.
func (c *call) itemOwner(id string) (*object.Subscription, *object.SubscriptionItem, error) {
	for _, sub := range all[*object.Subscription](c.tx) {
		if item := findItem(sub.Items.Data, id); item != nil && !ended(sub) {
			c.livesOn(string(sub.TestClock))
			return sub, item, nil
		}
	}
	return nil, nil, missing("subscription_item", id, "id")
}

// itemChanged carries out what happened to one item.
func (c *call) itemChanged(sub *object.Subscription, items []*object.SubscriptionItem) error {
	if err := checkItems(items, sub.Currency, "price"); err != nil {
		return err
	}
	ch := change{items: items, proration: c.p.StrOr("proration_behavior", "create_prorations"), at: c.now, behavior: c.p.StrOr("payment_behavior", "allow_incomplete"), offSession: c.p.Bool("off_session")}
	if c.p.Given("proration_date") {
		ch.at = c.p.Int("proration_date")
		if ch.at < sub.CurrentPeriodStart || ch.at > sub.CurrentPeriodEnd {
			return invalid("proration_date", "Cannot specify proration date outside of current subscription period")
		}
	}
	now := edit[*object.Subscription](c.tx, sub.ID)
	if err := c.apply(sub.ID, ch); err != nil {
		return err
	}
	c.emit("customer.subscription.updated", now)
	return nil
}

func createSubscriptionItem(c *call) (any, error) {
	sub, err := c.subscription(c.p.Str("subscription"), "subscription")
	if err != nil {
		return nil, err
	}
	if ended(sub) {
		return nil, missing("subscription", sub.ID, "subscription")
	}
	item, err := c.newItem(c.p, sub.ID)
	if err != nil {
		return nil, err
	}
	items := append(sub.Copy().(*object.Subscription).Items.Data, item)
	return item, c.itemChanged(sub, items)
}

func updateSubscriptionItem(c *call) (any, error) {
	sub, _, err := c.itemOwner(c.id)
	if err != nil {
		return nil, err
	}
	items := sub.Copy().(*object.Subscription).Items.Data
	item := findItem(items, c.id)
	if err := c.changeItem(item, c.p); err != nil {
		return nil, err
	}
	return item, c.itemChanged(sub, items)
}

func deleteSubscriptionItem(c *call) (any, error) {
	sub, item, err := c.itemOwner(c.id)
	if err != nil {
		return nil, err
	}
	if len(sub.Items.Data) == 1 {
		return nil, invalid("", "A subscription must have at least one item; cancel the subscription instead.")
	}
	if metered(item.Price) && !c.p.Bool("clear_usage") && c.usage(item, sub.CurrentPeriodStart, c.now) > 0 {
		return nil, invalid("clear_usage", "Subscription item %s cannot be deleted because it has usage. Pass `clear_usage=true` to delete both.", item.ID)
	}
	items := slices.DeleteFunc(sub.Copy().(*object.Subscription).Items.Data, func(i *object.SubscriptionItem) bool { return i.ID == c.id })
	if err := c.itemChanged(sub, items); err != nil {
		return nil, err
	}
	return object.Deleted{ID: c.id, Object: "subscription_item", Deleted: true}, nil
}

func getSubscriptionItem(c *call) (any, error) {
	_, item, err := c.itemOwner(c.id)
	return item, err
}

func listSubscriptionItems(c *call) (any, error) {
	sub, err := c.subscription(c.p.Str("subscription"), "subscription")
	if err != nil {
		return nil, err
	}
	return pageOfRows(c, sub.Items.Data, func(i *object.SubscriptionItem) string { return i.ID })
}
