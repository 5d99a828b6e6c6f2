package stripesim

import (
	"slices"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const mostItems = 20

// priceOf is the price a parameter object names, or a new one from price_data.
func (t *tx) priceOf(p *form.Params, recurring bool) (*object.Price, error) {
	if p.Given("price") && p.Given("price_data") {
		return nil, invalid(p.Path("price"), "You may only specify one of these parameters: price, price_data.")
	}
	if p.Given("price_data") {
		data := p.Sub("price_data")
		price, err := t.newPrice(data, data.Str("product"))
		if err != nil {
			return nil, err
		}
		price.Active = false // inline prices cannot be used again
		t.emit("price.created", price)
		return price, nil
	}
	id := p.Str("price")
	if id == "" {
		return nil, invalidCode("parameter_missing", p.Path("price"), "Missing required param: %s.", p.Path("price"))
	}
	price, err := need[*object.Price](t, "price", id, p.Path("price"))
	if err != nil {
		return nil, err
	}
	if !price.Active {
		return nil, invalidCode("resource_missing", p.Path("price"), "The price specified is inactive. This field only accepts active prices.")
	}
	if recurring && price.Type != "recurring" {
		return nil, invalid(p.Path("price"), "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.")
	}
	if !recurring && price.Type != "one_time" {
		return nil, invalid(p.Path("price"), "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.")
	}
	return price, nil
}

// newItem is a subscription item as a parameter object describes it.
func (t *tx) newItem(p *form.Params, subscription string) (*object.SubscriptionItem, error) {
	price, err := t.priceOf(p, true)
	if err != nil {
		return nil, err
	}
	item := &object.SubscriptionItem{ID: t.newID("si_"), Object: "subscription_item", Created: t.now, Price: price, Subscription: subscription}
	if !metered(price) {
		item.Quantity = ptr(int64(1))
	}
	return item, setItem(item, p)
}

// setItem applies quantity and metadata.
func setItem(item *object.SubscriptionItem, p *form.Params) error {
	if q := p.IntPtr("quantity"); q != nil {
		if metered(item.Price) {
			return invalid(p.Path("quantity"), "You cannot set the quantity of a metered price (%s); report usage instead.", item.Price.ID)
		}
		if *q < 0 {
			return invalidCode("parameter_invalid_integer", p.Path("quantity"), "This value must be greater than or equal to 0.")
		}
		item.Quantity = q
	}
	var err error
	item.Metadata, err = mergeMetadata(item.Metadata, p)
	return err
}

// checkItems refuses what cannot be one subscription.
func checkItems(items []*object.SubscriptionItem, currency, param string) error {
	if len(items) == 0 {
		return invalidCode("parameter_missing", param, "Missing required param: %s.", param)
	}
	if len(items) > mostItems {
		return invalid(param, "A subscription can have at most %d items.", mostItems)
	}
	seen := map[string]bool{}
	first := items[0].Price
	for _, item := range items {
		p := item.Price
		if seen[p.ID] {
			return invalid(param, "Cannot add multiple subscription items with the same plan: %s", p.ID)
		}
		seen[p.ID] = true
		if err := checkCost(item, param); err != nil {
			return err
		}
		if intervalOf(p) != intervalOf(first) {
			return invalid(param, "Currently, all the prices of a subscription must have the same `recurring[interval]` and `recurring[interval_count]`.")
		}
		if p.Currency != first.Currency || currency != "" && p.Currency != currency {
			return combined(param, orUSD(currency))
		}
	}
	return nil
}

// itemCost is one period of an item before discounts; metered items cost what
// was used, afterwards.
func itemCost(item *object.SubscriptionItem) int64 {
	if metered(item.Price) || item.Quantity == nil {
		return 0
	}
	return roundCost(item.Price, *item.Quantity)
}

func findItem(items []*object.SubscriptionItem, id string) *object.SubscriptionItem {
	i := slices.IndexFunc(items, func(it *object.SubscriptionItem) bool { return it.ID == id })
	if i < 0 {
		return nil
	}
	return items[i]
}

func subscriptionInterval(sub *object.Subscription) calc.Interval {
	return intervalOf(sub.Items.Data[0].Price)
}

// billingCycle is the interval with the day of the month on which it begins, where that
// was said apart from the anchor.
func billingCycle(sub *object.Subscription) calc.Interval {
	every := subscriptionInterval(sub)
	if day := sub.BillingCycleAnchorConfig; day != nil {
		every.Day = int(day.DayOfMonth)
	}
	return every
}
