package stripesim

import (
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const incompleteFor = 23 * 3600

// opening is everything a new subscription is made of; checkout and schedules
// fill it like the API does.
type opening struct {
	customer   string
	items      []*object.SubscriptionItem
	extra      []extraItem
	trialEnd   int64
	anchor     int64 // 0: now
	day        *object.BillingCycleAnchorConfig
	prorate    bool // charge the time until a later anchor
	behavior   string
	offSession bool
	discount   *redemption
	session    string
	dress      func(*object.Subscription) error // sets what does not touch money
}

// extraItem is a one-time price on the first invoice.
type extraItem struct {
	price    *object.Price
	quantity int64
}

func createSubscription(c *call) (any, error) {
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	if cus.TestClock != "" && len(c.openSubscriptions(cus.ID)) >= mostOnClock {
		return nil, invalid("customer", "A customer on a test clock can have at most %d subscriptions.", mostOnClock)
	}
	o := opening{customer: cus.ID, behavior: c.p.StrOr("payment_behavior", "allow_incomplete"), offSession: c.p.Bool("off_session"), prorate: c.p.Str("proration_behavior") != "none"}
	if o.behavior == "pending_if_incomplete" {
		return nil, invalid("payment_behavior", "`pending_if_incomplete` can only be used when updating a subscription.")
	}
	for _, p := range c.p.List("items") {
		item, err := c.newItem(p, "")
		if err != nil {
			return nil, err
		}
		o.items = append(o.items, item)
	}
	if err := checkItems(o.items, string(cus.Currency), "items"); err != nil {
		return nil, err
	}
	if want := strings.ToLower(c.p.Str("currency")); want != "" && want != o.items[0].Price.Currency {
		return nil, invalid("currency", "The price specified is in %s, not in `currency` %s.", o.items[0].Price.Currency, want)
	}
	if err := c.openingTerms(&o); err != nil {
		return nil, err
	}
	o.dress = func(sub *object.Subscription) error { return c.dressSubscription(sub) }
	sub, err := c.open(o)
	if err != nil {
		return nil, err
	}
	return sub, nil
}

// openingTerms reads trial, anchor, discount and extra items.
func (c *call) openingTerms(o *opening) error {
	var err error
	if o.trialEnd, err = c.trialParam(c.p); err != nil {
		return err
	}
	if o.extra, err = c.extraItems(c.p); err != nil {
		return err
	}
	if c.p.Given("billing_cycle_anchor") {
		o.anchor = c.p.Int("billing_cycle_anchor")
		latest := intervalOf(o.items[0].Price).Add(c.now, 1)
		if o.anchor <= c.now || o.anchor > latest {
			return invalid("billing_cycle_anchor", "billing_cycle_anchor must be in the future and no later than the next natural billing date (%d) for this subscription.", latest)
		}
		if o.trialEnd > 0 {
			return invalid("billing_cycle_anchor", "You cannot set `billing_cycle_anchor` together with a trial in this simulator.")
		}
	}
	if c.p.Given("billing_cycle_anchor_config") {
		if err := c.anchorConfig(o); err != nil {
			return err
		}
	}
	if c.p.Any("coupon", "promotion_code") && !c.p.Cleared("coupon") && !c.p.Cleared("promotion_code") {
		r := redemption{coupon: c.p.Str("coupon"), promotion: c.p.Str("promotion_code"), customer: o.customer, on: "subscription", currency: o.items[0].Price.Currency, amount: openingAmount(*o)}
		if r, err = c.redeemable(r); err != nil {
			return err
		}
		o.discount = &r
	}
	return nil
}

// trialParam is when a trial ends, 0 for none.
func (c *call) trialParam(p *form.Params) (int64, error) {
	if p.Given("trial_end") && p.Given("trial_period_days") {
		return 0, invalid("trial_period_days", "You may only specify one of these parameters: trial_end, trial_period_days.")
	}
	switch {
	case p.Given("trial_period_days"):
		days := p.Int("trial_period_days")
		if days < 0 || days > 730 {
			return 0, invalid("trial_period_days", "The trial period cannot be longer than 730 days.")
		}
		if days == 0 {
			return 0, nil
		}
		return c.now + days*86400, nil
	case p.Now("trial_end") || !p.Given("trial_end"):
		return 0, nil
	}
	end := p.Int("trial_end")
	if end <= c.now {
		return 0, invalidCode("invalid_timestamp", "trial_end", "Invalid timestamp: must be an integer Unix timestamp in the future.")
	}
	if end > c.now+2*366*86400 {
		return 0, invalid("trial_end", "The trial end cannot be more than two years in the future.")
	}
	return end, nil
}

func (c *call) extraItems(p *form.Params) ([]extraItem, error) {
	var out []extraItem
	for _, one := range p.List("add_invoice_items") {
		price, err := c.priceOf(one, false)
		if err != nil {
			return nil, err
		}
		q := int64(1)
		if one.Given("quantity") {
			q = one.Int("quantity")
		}
		out = append(out, extraItem{price, q})
	}
	return out, nil
}

// openingAmount is what the first invoice costs before discounts.
func openingAmount(o opening) int64 {
	var sum int64
	if o.trialEnd == 0 {
		for _, item := range o.items {
			sum += itemCost(item)
		}
	}
	for _, e := range o.extra {
		sum += roundCost(e.price, e.quantity)
	}
	return sum
}

// dressSubscription sets the parameters that create and update share and that
// do not move money.
func (c *call) dressSubscription(sub *object.Subscription) error {
	if c.p.Given("collection_method") {
		sub.CollectionMethod = c.p.Str("collection_method")
	}
	if c.p.Given("days_until_due") {
		sub.DaysUntilDue = c.p.IntPtr("days_until_due")
	}
	if err := checkCollection(sub, c.p); err != nil {
		return err
	}
	if c.p.Has("default_payment_method") {
		if id := c.p.Str("default_payment_method"); id != "" {
			if err := c.attachedTo(id, sub.Customer, "default_payment_method"); err != nil {
				return err
			}
		}
		text(&sub.DefaultPaymentMethod, c.p, "default_payment_method")
	}
	text(&sub.Description, c.p, "description")
	if c.p.Given("trial_settings") {
		sub.TrialSettings = &object.TrialSettings{EndBehavior: object.TrialEndBehavior{MissingPaymentMethod: c.p.Sub("trial_settings").Sub("end_behavior").Str("missing_payment_method")}}
	}
	if s := c.p.Sub("payment_settings"); c.p.Given("payment_settings") {
		sub.PaymentSettings = &object.SubscriptionPaymentSettings{PaymentMethodTypes: sub.PaymentSettings.PaymentMethodTypes, SaveDefaultPaymentMethod: object.Text(s.StrOr("save_default_payment_method", "off"))}
		if s.Given("payment_method_types") {
			sub.PaymentSettings.PaymentMethodTypes = s.Strings("payment_method_types")
		}
	}
	if len(c.p.Strings("default_tax_rates")) > 0 {
		return invalid("default_tax_rates", "Tax rates are not part of this simulator; automatic_tax is.")
	}
	setTax(&sub.AutomaticTax, c.p)
	if err := c.checkLocation(sub.AutomaticTax.Enabled && c.p.Given("automatic_tax"), sub.Customer); err != nil {
		return err
	}
	var err error
	if sub.Metadata, err = mergeMetadata(sub.Metadata, c.p); err != nil {
		return err
	}
	return c.setCancellation(sub)
}

func checkCollection(sub *object.Subscription, p *form.Params) error {
	if sub.CollectionMethod == "charge_automatically" {
		if p.Given("days_until_due") {
			return invalid("days_until_due", "`days_until_due` can only be set when `collection_method` is `send_invoice`.")
		}
		sub.DaysUntilDue = nil
		return nil
	}
	if sub.DaysUntilDue == nil {
		return invalidCode("parameter_missing", "days_until_due", "If `collection_method=send_invoice` is set, `days_until_due` must be set.")
	}
	return nil
}
