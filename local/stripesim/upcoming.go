package stripesim

import (
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const upcomingParams = `coupon currency customer invoice_items:[{amount:i currency description discountable:b invoiceitem metadata:m period:{end!:t start!:t} price quantity:i unit_amount:i unit_amount_decimal:d}]
	schedule subscription subscription_billing_cycle_anchor:tn subscription_cancel_at:t subscription_cancel_at_period_end:b subscription_cancel_now:b
	subscription_items:[{clear_usage:b deleted:b id metadata:m price ` + recurringPriceData + ` quantity:i}]
	subscription_proration_behavior:(always_invoice,create_prorations,none) subscription_proration_date:t subscription_start_date:t subscription_trial_end:tn subscription_trial_from_plan:b`

// preview is the next invoice of a subscription: the renewal itself, run ahead
// of time and thrown away.
func (t *tx) preview(id string) (*object.Invoice, error) {
	return t.fork().lookAhead(id)
}

func (t *tx) lookAhead(id string) (*object.Invoice, error) {
	if t.shot == nil {
		t.dry = true
		if err := t.runSchedule(id); err != nil {
			return nil, err
		}
		sub := edit[*object.Subscription](t, id)
		if t.shot == nil {
			t.now = max(t.now, periodEnds(sub))
		}
		switch {
		case t.shot != nil || ended(sub) || sub.Status == "paused" || sub.Status == "incomplete":
		case sub.CancelAt != 0 && int64(sub.CancelAt) <= t.now:
			t.lastInvoice(sub)
		default:
			t.renew(id)
		}
	}
	if t.shot == nil {
		return nil, newError(404, "invalid_request_error", "invoice_upcoming_none", "", "No upcoming invoices for customer: "+edit[*object.Subscription](t, id).Customer)
	}
	return t.shown(t.shot), nil
}

// periodEnds is when a subscription renews or ends.
func periodEnds(sub *object.Subscription) int64 {
	if at := int64(sub.CancelAt); at != 0 && at < sub.CurrentPeriodEnd {
		return at
	}
	return sub.CurrentPeriodEnd
}

// snap remembers an invoice that a preview asked for.
func (t *tx) snap(inv *object.Invoice) bool {
	if t.dry {
		t.shot = inv
	}
	return t.dry
}

// shown makes a draft look like an upcoming invoice: no id, and the balance it
// would leave.
func (t *tx) shown(inv *object.Invoice) *object.Invoice {
	t.total(inv)
	sum := inv.Total + inv.StartingBalance
	inv.EndingBalance = ptr(min(0, sum))
	if sum > 0 && inv.AmountDue == 0 {
		inv.EndingBalance = ptr(sum)
	}
	inv.ID = ""
	inv.AutoAdvance = true
	for _, line := range inv.Lines.Data {
		line.Invoice = ""
	}
	inv.Lines.URL = "/v1/invoices/upcoming/lines"
	if inv.CollectionMethod == "charge_automatically" {
		inv.NextPaymentAttempt = object.Stamp(inv.Created + draftHour)
	}
	if inv.BillingReason == "subscription_cycle" {
		inv.BillingReason = "upcoming"
	}
	return inv
}

func getUpcoming(c *call) (any, error) { return c.upcoming() }

func listUpcomingLines(c *call) (any, error) {
	inv, err := c.upcoming()
	if err != nil {
		return nil, err
	}
	return pageOfRows(c, inv.Lines.Data, func(l *object.InvoiceLine) string { return l.ID })
}

// upcoming previews an invoice with the changes that the request describes. It
// runs on a fork, so nothing of it stays.
func (c *call) upcoming() (*object.Invoice, error) {
	real := c.tx
	c.tx = real.fork()
	defer func() { c.tx = real }()
	sub, err := c.upcomingOf()
	if err != nil {
		return nil, err
	}
	if err := c.upcomingExtras(sub); err != nil {
		return nil, err
	}
	if sub == nil {
		return c.upcomingNew()
	}
	if err := c.upcomingChange(sub); err != nil {
		return nil, err
	}
	return c.lookAhead(sub.ID)
}

// upcomingOf is the subscription meant: the one named, or the customer's that
// renews first; none when a new one is to be previewed.
func (c *call) upcomingOf() (*object.Subscription, error) {
	if id := c.p.Str("schedule"); id != "" {
		s, err := need[*object.Schedule](c.tx, "subscription_schedule", id, "schedule")
		if err != nil {
			return nil, err
		}
		return c.subscription(string(s.Subscription), "schedule")
	}
	if id := c.p.Str("subscription"); id != "" {
		sub, err := c.subscription(id, "subscription")
		if err == nil && c.p.Given("customer") && sub.Customer != c.p.Str("customer") {
			return nil, missing("subscription", id, "subscription")
		}
		return sub, err
	}
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	if c.p.Given("subscription_items") {
		return nil, nil
	}
	var first *object.Subscription
	for _, sub := range c.openSubscriptions(cus.ID) {
		if sub.Status != "incomplete" && (first == nil || sub.CurrentPeriodEnd < first.CurrentPeriodEnd) {
			first = sub
		}
	}
	if first == nil {
		return nil, newError(404, "invalid_request_error", "invoice_upcoming_none", "", "No upcoming invoices for customer: "+cus.ID)
	}
	return first, nil
}

// upcomingExtras adds invoice items and a coupon that do not exist yet.
func (c *call) upcomingExtras(sub *object.Subscription) error {
	customer, id := c.p.Str("customer"), ""
	if sub != nil {
		customer, id = sub.Customer, sub.ID
	}
	for _, p := range c.p.List("invoice_items") {
		it := c.newInvoiceItem(customer, p.Str("currency"))
		it.Subscription = object.Text(id)
		if err := c.priceItem(it, p); err != nil {
			return err
		}
		if it.Currency == "" && sub != nil {
			it.Currency = sub.Currency
		}
		it.Discountable = p.BoolOr("discountable", it.Amount >= 0)
	}
	if coupon := c.p.Str("coupon"); coupon != "" && sub != nil {
		r, err := c.redeemable(redemption{coupon: coupon, customer: customer, on: "update", currency: sub.Currency})
		if err != nil {
			return err
		}
		edit[*object.Subscription](c.tx, id).Discount = c.redeem(r, customer, id, "")
	}
	return nil
}

// upcomingChange carries out the subscription_* parameters.
func (c *call) upcomingChange(old *object.Subscription) error {
	p := c.p.Rename("subscription_", "items", "proration_behavior", "proration_date", "billing_cycle_anchor", "trial_end", "cancel_at", "cancel_at_period_end")
	real := c.p
	c.p = p
	defer func() { c.p = real }()
	sub := edit[*object.Subscription](c.tx, old.ID)
	if real.Bool("subscription_cancel_now") {
		if p.Str("proration_behavior") != "none" {
			for _, item := range sub.Items.Data {
				c.credit(sub, item, prorationDate(p, c.now))
			}
		}
		c.lastInvoice(sub)
		return nil
	}
	if err := c.setCancellation(sub); err != nil {
		return err
	}
	if !p.Any("items", "billing_cycle_anchor", "trial_end") {
		return nil
	}
	ch, err := c.readChange(sub)
	if err != nil {
		return err
	}
	ch.behavior = "default_incomplete"
	return c.apply(sub.ID, ch)
}

func prorationDate(p *form.Params, now int64) int64 {
	if p.Given("proration_date") {
		return p.Int("proration_date")
	}
	return now
}
