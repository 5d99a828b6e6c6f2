package stripesim

import (
	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

func roundCost(p *object.Price, quantity int64) int64 {
	return calc.RoundTo(cost(p, quantity), calc.Step(p.Currency))
}

// open starts a subscription: its first period, its first invoice, and the
// payment of that as the payment behaviour wants.
func (t *tx) open(o opening) (*object.Subscription, error) {
	sub, err := t.newSubscription(o)
	if err != nil {
		return nil, err
	}
	inv := t.firstInvoice(sub, o)
	if t.snap(inv) {
		return sub, nil
	}
	charge := sub.CollectionMethod == "charge_automatically"
	due := charge && inv.AmountDue >= max(1, smallest[inv.Currency])
	if due {
		sub.Status = "incomplete"
		if method := t.payer(inv); method == "" && o.behavior != "default_incomplete" {
			return nil, noPayer()
		}
	}
	sub.LatestInvoice = object.Text(inv.ID)
	if !due && t.payer(inv) == "" && charge {
		si := t.newSetupIntent(object.Text(sub.Customer), "off_session")
		sub.PendingSetupIntent = object.Text(si.ID)
	}
	t.emit("customer.subscription.created", sub)
	if sub.Discount != nil {
		t.emit("customer.discount.created", sub.Discount)
	}
	t.emit("invoice.created", inv)
	if !charge {
		t.startDraftHour(inv)
		return sub, nil
	}
	if _, err := t.finalize(inv.ID); err != nil || !due {
		return sub, err
	}
	return sub, t.firstPayment(sub.ID, inv.ID, o)
}

// newSubscription has its items, dates and discount, but no invoice yet.
func (t *tx) newSubscription(o opening) (*object.Subscription, error) {
	cus := edit[*object.Customer](t, o.customer)
	sub := &object.Subscription{
		ID: t.newID("sub_"), Object: "subscription", BillingCycleAnchor: t.now, Created: t.now, StartDate: t.now, CurrentPeriodStart: t.now,
		CollectionMethod: "charge_automatically", Currency: o.items[0].Price.Currency, Customer: o.customer, Status: "active", TestClock: cus.TestClock,
		CancellationDetails: &object.CancellationDetails{}, PaymentSettings: &object.SubscriptionPaymentSettings{SaveDefaultPaymentMethod: "off"},
		TrialSettings: &object.TrialSettings{EndBehavior: object.TrialEndBehavior{MissingPaymentMethod: "create_invoice"}},
	}
	cus.Currency = object.Text(sub.Currency)
	for _, item := range o.items {
		item.Subscription = sub.ID
	}
	sub.Items = object.NewList("/v1/subscription_items?subscription="+sub.ID, o.items)
	switch {
	case o.trialEnd > 0:
		sub.Status, sub.TrialStart, sub.TrialEnd = "trialing", object.Stamp(t.now), object.Stamp(o.trialEnd)
		sub.BillingCycleAnchor, sub.CurrentPeriodEnd = o.trialEnd, o.trialEnd
	case o.anchor > 0:
		sub.BillingCycleAnchor, sub.CurrentPeriodEnd = o.anchor, o.anchor
	default:
		sub.CurrentPeriodEnd = subscriptionInterval(sub).Add(t.now, 1)
	}
	if sub.BillingCycleAnchorConfig = o.day; o.day != nil {
		sub.CurrentPeriodEnd = billingCycle(sub).After(sub.BillingCycleAnchor, t.now)
	}
	t.put(sub)
	if err := o.dress(sub); err != nil {
		return nil, err
	}
	if o.discount != nil {
		sub.Discount = t.redeem(*o.discount, o.customer, sub.ID, o.session)
	}
	return sub, nil
}

// firstInvoice bills the first period, or shows a trial for nothing.
func (t *tx) firstInvoice(sub *object.Subscription, o opening) *object.Invoice {
	inv := t.newInvoice(sub.Customer, sub, "subscription_create", sub.Currency)
	for _, e := range o.extra {
		t.addExtra(sub, e)
	}
	t.takePending(inv)
	switch {
	case o.trialEnd > 0:
		t.addTrialLines(inv, sub)
	case o.anchor > 0 && !o.prorate:
	case o.anchor > 0:
		start := billingCycle(sub).Before(o.anchor, o.anchor)
		for _, item := range sub.Items.Data {
			amount := calc.Prorate(calc.Int(itemCost(item)), t.now, start, o.anchor, calc.Step(sub.Currency))
			line := t.addPeriod(inv, sub, item, quantityOf(item), amount, t.now, o.anchor)
			line.Proration = true
		}
	default:
		t.addPeriodLines(inv, sub)
	}
	t.total(inv)
	return inv
}

// addPeriodLines bills the current period of every item.
//
// assumption: a metered item shows a line of nothing, because its usage is
// billed when the period is over.
func (t *tx) addPeriodLines(inv *object.Invoice, sub *object.Subscription) {
	for _, item := range sub.Items.Data {
		t.addPeriod(inv, sub, item, quantityOf(item), itemCost(item), sub.CurrentPeriodStart, sub.CurrentPeriodEnd)
	}
}

func (t *tx) addTrialLines(inv *object.Invoice, sub *object.Subscription) {
	for _, item := range sub.Items.Data {
		line := t.addPeriod(inv, sub, item, quantityOf(item), 0, sub.CurrentPeriodStart, sub.CurrentPeriodEnd)
		line.Description = object.Text("Trial period for " + t.nameOf(item.Price))
	}
}

func quantityOf(item *object.SubscriptionItem) int64 {
	if item.Quantity == nil {
		return 0
	}
	return *item.Quantity
}

// addExtra puts a one-time price of add_invoice_items on the next invoice.
func (t *tx) addExtra(sub *object.Subscription, e extraItem) {
	it := t.newInvoiceItem(sub.Customer, sub.Currency)
	it.Subscription, it.Price, it.Quantity, it.Amount = object.Text(sub.ID), e.price, e.quantity, roundCost(e.price, e.quantity)
	it.UnitAmount, it.UnitAmountDecimal = e.price.UnitAmount, e.price.UnitAmountDecimal
	it.Description = object.Text(t.nameOf(e.price))
	t.emit("invoiceitem.created", it)
}

// startDraftHour leaves a draft to itself for an hour.
func (t *tx) startDraftHour(inv *object.Invoice) {
	inv.State.FinalizeAt = t.now + draftHour
	if inv.AutoAdvance && inv.CollectionMethod == "charge_automatically" {
		inv.NextPaymentAttempt = object.Stamp(inv.State.FinalizeAt)
	}
}

// firstPayment collects the first invoice.
//
// https://docs.stripe.com/billing/subscriptions/overview#payment-behavior
func (t *tx) firstPayment(id, invoice string, o opening) error {
	sub := edit[*object.Subscription](t, id)
	sub.State.IncompleteUntil = t.now + incompleteFor
	inv := edit[*object.Invoice](t, invoice)
	method := t.payer(inv)
	if o.behavior == "default_incomplete" {
		if method != "" {
			pi := edit[*object.PaymentIntent](t, string(inv.PaymentIntent))
			pi.PaymentMethod, pi.Status = object.Text(method), "requires_confirmation"
		}
		return nil
	}
	v := t.attempt(invoice, method, o.offSession, 0)
	if v != nil && o.behavior == "error_if_incomplete" {
		return t.refusedBy(inv, *v)
	}
	return nil
}

// refusedBy is the 402 of error_if_incomplete: nothing of the request stays.
func (t *tx) refusedBy(inv *object.Invoice, v verdict) *apiError {
	pi, _ := find[*object.PaymentIntent](t, string(inv.PaymentIntent))
	if pi.LastPaymentError == nil {
		e := declined(v)
		e.body.Code = "subscription_payment_intent_requires_action"
		return e
	}
	e := t.intentDeclined(pi, v)
	e.keep = false
	return e
}
