package stripesim

import (
	"slices"

	"windfall/local/stripesim/object"
)

// createUsageRecord notes a reading of a metered price.
//
// https://docs.stripe.com/api/usage_records/create
func createUsageRecord(c *call) (any, error) {
	sub, item, err := c.itemOwner(c.id)
	if err != nil {
		return nil, err
	}
	if !metered(item.Price) {
		return nil, invalid("", "Cannot create the usage record because the subscription item's price %s is not metered.", item.Price.ID)
	}
	at := c.now
	if c.p.Given("timestamp") && !c.p.Now("timestamp") {
		at = c.p.Int("timestamp")
	}
	if at < sub.CurrentPeriodStart || at > sub.CurrentPeriodEnd || at > c.now+300 {
		return nil, invalid("timestamp", "Cannot create the usage record with this timestamp because it is not in the current billing period.")
	}
	if c.p.Int("quantity") < 0 {
		return nil, invalidCode("parameter_invalid_integer", "quantity", "This value must be greater than or equal to 0.")
	}
	action := c.p.StrOr("action", "increment")
	if action == "set" {
		for _, u := range ownedBy[*object.UsageRecord](c.tx, item.ID) {
			if u.Timestamp == at {
				c.remove(u)
			}
		}
	}
	u := &object.UsageRecord{ID: c.newID("mbur_"), Object: "usage_record", Quantity: c.p.Int("quantity"), SubscriptionItem: item.ID, Timestamp: at}
	c.put(u)
	return u, nil
}

// usage is what was reported from start until end, as the price aggregates it.
func (t *tx) usage(item *object.SubscriptionItem, start, end int64) int64 {
	var sum, most, last, lastAt int64
	for _, u := range ownedBy[*object.UsageRecord](t, item.ID) {
		if item.Price.Recurring.AggregateUsage == "last_ever" && u.Timestamp < end && u.Timestamp >= lastAt {
			last, lastAt = u.Quantity, u.Timestamp
		}
		if u.Timestamp < start || u.Timestamp >= end {
			continue
		}
		sum += u.Quantity
		most = max(most, u.Quantity)
		if u.Timestamp >= lastAt {
			last, lastAt = u.Quantity, u.Timestamp
		}
	}
	switch item.Price.Recurring.AggregateUsage {
	case "max":
		return most
	case "last_during_period", "last_ever":
		return last
	}
	return sum
}

// addUsage bills the usage of a period that is over.
func (t *tx) addUsage(inv *object.Invoice, sub *object.Subscription, item *object.SubscriptionItem, start, end int64) {
	quantity := t.usage(item, start, end)
	t.addPeriod(inv, sub, item, quantity, roundCost(item.Price, quantity), start, end)
}

// listUsageSummaries: one summary per billing period, newest first.
func listUsageSummaries(c *call) (any, error) {
	sub, item, err := c.itemOwner(c.id)
	if err != nil {
		return nil, err
	}
	every := billingCycle(sub)
	var out []*object.UsageRecordSummary
	for end := sub.CurrentPeriodEnd; end > sub.StartDate; end = every.Before(sub.BillingCycleAnchor, end) {
		start := max(every.Before(sub.BillingCycleAnchor, end), sub.StartDate)
		out = append(out, &object.UsageRecordSummary{
			ID: "sis_" + word(c.s.seed, item.ID, end, 24), Object: "usage_record_summary", SubscriptionItem: item.ID,
			Period: object.OpenPeriod{Start: object.Stamp(start), End: object.Stamp(end)}, TotalUsage: c.usage(item, start, end),
			Invoice: object.Text(c.usageInvoice(sub, item.ID, start)),
		})
	}
	return pageOfRows(c, slices.Clip(out), func(u *object.UsageRecordSummary) string { return u.ID })
}

func (t *tx) usageInvoice(sub *object.Subscription, item string, start int64) string {
	for _, inv := range ownedBy[*object.Invoice](t, sub.Customer) {
		for _, line := range inv.Lines.Data {
			if line.SubscriptionItem == item && line.Period.Start == start && inv.Created > start {
				return inv.ID
			}
		}
	}
	return ""
}
