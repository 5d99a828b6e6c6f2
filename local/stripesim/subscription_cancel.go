package stripesim

import "windfall/local/stripesim/object"

// assumption: a subscription under a schedule is ended like any other. Its
// schedule ends with it, as canceled, and both events are sent.
func cancelSubscription(c *call) (any, error) {
	old, err := c.subscription(c.id, "id")
	if err != nil {
		return nil, err
	}
	if ended(old) {
		return nil, missing("subscription", c.id, "id")
	}
	sub := edit[*object.Subscription](c.tx, c.id)
	c.setCancellationDetails(sub)
	why := *sub.CancellationDetails // what was committed stays as it is
	why.Reason = "cancellation_requested"
	sub.CancellationDetails = &why
	c.cancelNow(c.id, c.p.Bool("prorate"), c.p.Bool("invoice_now"))
	return sub, nil
}

func (c *call) setCancellationDetails(sub *object.Subscription) {
	if !c.p.Has("cancellation_details") {
		return
	}
	d := *sub.CancellationDetails
	details := c.p.Sub("cancellation_details")
	text(&d.Comment, details, "comment")
	text(&d.Feedback, details, "feedback")
	sub.CancellationDetails = &d
}

// cancelNow ends a subscription at once: with a credit for the unused time and
// a last invoice only when asked. Prorations that were waiting are dropped
// otherwise, as Stripe does.
//
// https://docs.stripe.com/api/subscriptions/cancel
func (t *tx) cancelNow(id string, prorate, invoice bool) {
	sub := edit[*object.Subscription](t, id)
	if prorate && (sub.Status == "active" || sub.Status == "past_due") {
		for _, item := range sub.Items.Data {
			t.credit(sub, item, t.now)
		}
	}
	if invoice {
		t.lastInvoice(sub)
	} else if !prorate {
		t.dropProrations(sub)
	}
	t.endSubscription(id, "")
}

// lastInvoice bills what is waiting and the usage so far, and collects it.
func (t *tx) lastInvoice(sub *object.Subscription) {
	inv := t.newInvoice(sub.Customer, sub, "subscription_cycle", sub.Currency)
	inv.PeriodStart, inv.PeriodEnd = sub.CurrentPeriodStart, t.now
	t.takePending(inv)
	for _, item := range sub.Items.Data {
		if metered(item.Price) {
			t.addUsage(inv, sub, item, sub.CurrentPeriodStart, t.now)
		}
	}
	if len(inv.Lines.Data) == 0 {
		t.remove(inv)
		return
	}
	t.total(inv)
	if t.snap(inv) {
		return
	}
	sub.LatestInvoice = object.Text(inv.ID)
	t.emit("invoice.created", inv)
	if _, err := t.finalize(inv.ID); err != nil {
		t.notFinalized(inv, asAPIError(err))
		return
	}
	if method := t.payer(inv); inv.Status == "open" && inv.CollectionMethod == "charge_automatically" && method != "" {
		t.attempt(inv.ID, method, true, 0)
	}
}

func (t *tx) dropProrations(sub *object.Subscription) {
	for _, it := range t.pending(sub.Customer, sub.ID) {
		if it.Proration && string(it.Subscription) == sub.ID {
			t.emit("invoiceitem.deleted", it)
			t.remove(it)
		}
	}
}

// endAtPeriodEnd: what is still waiting is billed. An end inside a period gives
// credit for the rest of it.
//
// assumption: the credit is made when the subscription ends, not when the end
// is planned, so that taking the plan back leaves nothing behind.
func (t *tx) endAtPeriodEnd(id string) {
	sub := edit[*object.Subscription](t, id)
	if sub.State.ProrateEnd && t.now < sub.CurrentPeriodEnd && (sub.Status == "active" || sub.Status == "past_due") {
		for _, item := range sub.Items.Data {
			t.credit(sub, item, t.now)
		}
	}
	t.lastInvoice(sub)
	t.endSubscription(id, "")
}

// endSubscription is terminal. Collection of its open invoices stops.
func (t *tx) endSubscription(id, reason string) {
	sub := edit[*object.Subscription](t, id)
	sub.Status, sub.EndedAt = "canceled", object.Stamp(t.now)
	if sub.CanceledAt == 0 {
		sub.CanceledAt = object.Stamp(t.now)
	}
	if reason != "" {
		d := *sub.CancellationDetails
		d.Reason = object.Text(reason)
		sub.CancellationDetails = &d
	}
	sub.PendingUpdate, sub.PauseCollection = nil, nil
	for _, inv := range ownedBy[*object.Invoice](t, sub.Customer) {
		if string(inv.Subscription) == id && (inv.Status == "draft" || inv.Status == "open") && inv.AutoAdvance {
			stopped := edit[*object.Invoice](t, inv.ID)
			stopped.AutoAdvance, stopped.NextPaymentAttempt = false, 0
			t.emit("invoice.updated", stopped)
		}
	}
	t.scheduleEnded(sub)
	t.emit("customer.subscription.deleted", sub)
}

// setCancellation applies cancel_at and cancel_at_period_end.
func (c *call) setCancellation(sub *object.Subscription) error {
	if c.p.Given("cancel_at") && c.p.Bool("cancel_at_period_end") {
		return invalid("cancel_at", "You may only specify one of these parameters: cancel_at, cancel_at_period_end.")
	}
	if c.p.Has("cancel_at") {
		at := c.p.Int("cancel_at")
		if at != 0 && at <= c.now {
			return invalidCode("invalid_timestamp", "cancel_at", "The `cancel_at` timestamp must be in the future.")
		}
		c.cancelAt(sub, at, false)
		sub.State.ProrateEnd = at != 0 && c.p.Str("proration_behavior") != "none"
	}
	if c.p.Given("cancel_at_period_end") {
		switch {
		case c.p.Bool("cancel_at_period_end"):
			c.cancelAt(sub, sub.CurrentPeriodEnd, true)
		case sub.CancelAtPeriodEnd:
			c.cancelAt(sub, 0, false)
		}
	}
	return nil
}

// cancelAt plans the end of a subscription; 0 takes it back.
func (t *tx) cancelAt(sub *object.Subscription, at int64, periodEnd bool) {
	d := *sub.CancellationDetails
	sub.CancelAt, sub.CancelAtPeriodEnd = object.Stamp(at), periodEnd
	if at == 0 {
		sub.CanceledAt, d.Reason = 0, ""
	} else {
		sub.CanceledAt, d.Reason = object.Stamp(t.now), "cancellation_requested"
	}
	sub.CancellationDetails = &d
}
