package stripesim

import "windfall/local/stripesim/object"

// upcomingNew previews the first invoice of a subscription to come.
func (c *call) upcomingNew() (*object.Invoice, error) {
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	o := opening{customer: cus.ID, behavior: "default_incomplete", prorate: true, dress: func(*object.Subscription) error { return nil }}
	for _, p := range c.p.List("subscription_items") {
		item, err := c.newItem(p, "")
		if err != nil {
			return nil, err
		}
		o.items = append(o.items, item)
	}
	if err := checkItems(o.items, string(cus.Currency), "subscription_items"); err != nil {
		return nil, err
	}
	if c.p.Given("subscription_trial_end") && !c.p.Now("subscription_trial_end") {
		o.trialEnd = c.p.Int("subscription_trial_end")
	}
	if coupon := c.p.Str("coupon"); coupon != "" {
		r, err := c.redeemable(redemption{coupon: coupon, customer: cus.ID, on: "subscription", currency: o.items[0].Price.Currency})
		if err != nil {
			return nil, err
		}
		o.discount = &r
	}
	if _, err := c.open(o); err != nil {
		return nil, err
	}
	return c.shown(c.shot), nil
}
