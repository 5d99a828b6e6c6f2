package stripesim

import (
	"slices"

	"windfall/local/stripesim/object"
)

// apply carries a change out: prorations, new items and dates, the invoice when
// one is due now, and its payment.
func (t *tx) apply(id string, ch change) error {
	before := edit[*object.Subscription](t, id).Copy().(*object.Subscription)
	sub := edit[*object.Subscription](t, id)
	restart := restarts(before, ch)
	prorated := t.prorateChange(sub, ch, restart)
	sub.Items.Data = ch.items
	for _, e := range ch.extra {
		t.addExtra(sub, e)
	}
	switch {
	case restart:
		t.restart(sub)
	case ch.trialEnd != 0:
		t.startTrial(sub, ch.trialEnd)
	}
	if !restart && ch.trialEnd == 0 && (ch.proration != "always_invoice" || !prorated && len(ch.extra) == 0) {
		return nil
	}
	return t.invoiceChange(before, sub, ch, restart)
}

// prorateChange credits what is given up and charges what is taken on, for the
// rest of the period. It tells whether anything was.
//
// assumption: a change of quantity has the same two lines as a change of price,
// the whole old quantity and the whole new one.
func (t *tx) prorateChange(sub *object.Subscription, ch change, restart bool) bool {
	if ch.proration == "none" || sub.Status != "active" && sub.Status != "past_due" && sub.Status != "unpaid" {
		return false
	}
	all := restart || ch.trialEnd != 0
	any := false
	for _, old := range sub.Items.Data {
		now := findItem(ch.items, old.ID)
		if !all && now != nil && !changed(old, now) {
			continue
		}
		if itemCost(old) != 0 || !restart {
			t.credit(sub, old, ch.at)
			any = true
		}
		if !all && now != nil {
			t.debit(sub, now, ch.at)
		}
	}
	for _, now := range ch.items {
		if !all && findItem(sub.Items.Data, now.ID) == nil {
			t.debit(sub, now, ch.at)
			any = true
		}
	}
	return any
}

func changed(old, now *object.SubscriptionItem) bool {
	return old.Price.ID != now.Price.ID || quantityOf(old) != quantityOf(now)
}

// restart begins a full period now.
func (t *tx) restart(sub *object.Subscription) {
	if sub.Status == "trialing" {
		sub.Status, sub.TrialEnd = "active", object.Stamp(t.now)
	}
	sub.BillingCycleAnchor, sub.CurrentPeriodStart, sub.BillingCycleAnchorConfig = t.now, t.now, nil
	sub.CurrentPeriodEnd = subscriptionInterval(sub).Add(t.now, 1)
	if sub.CancelAtPeriodEnd {
		sub.CancelAt = object.Stamp(sub.CurrentPeriodEnd)
	}
}

// startTrial: the cycle is anchored at the end of the trial.
func (t *tx) startTrial(sub *object.Subscription, end int64) {
	if sub.Status != "trialing" {
		sub.TrialStart, sub.CurrentPeriodStart = object.Stamp(t.now), t.now
	}
	sub.Status, sub.TrialEnd, sub.BillingCycleAnchor, sub.CurrentPeriodEnd = "trialing", object.Stamp(end), end, end
	sub.State.TrialWillEndSent, sub.BillingCycleAnchorConfig = false, nil
	if sub.CancelAtPeriodEnd {
		sub.CancelAt = object.Stamp(end)
	}
}

// invoiceChange bills a change now.
//
// assumption: where invoices are sent, that of a change is a draft for an hour
// like the first one.
func (t *tx) invoiceChange(before, sub *object.Subscription, ch change, restart bool) error {
	inv := t.newInvoice(sub.Customer, sub, "subscription_update", sub.Currency)
	inv.PeriodStart, inv.PeriodEnd = before.CurrentPeriodStart, t.now
	t.takePending(inv)
	switch {
	case restart:
		for _, item := range before.Items.Data {
			if metered(item.Price) {
				t.addUsage(inv, sub, item, before.CurrentPeriodStart, t.now)
			}
		}
		t.addPeriodLines(inv, sub)
	case ch.trialEnd != 0:
		t.addTrialLines(inv, sub)
	}
	t.total(inv)
	if t.snap(inv) {
		return nil
	}
	sub.LatestInvoice = object.Text(inv.ID)
	t.emit("customer.subscription.updated", sub)
	t.emit("invoice.created", inv)
	if sub.CollectionMethod == "send_invoice" {
		t.startDraftHour(inv)
		return nil
	}
	if _, err := t.finalize(inv.ID); err != nil || inv.Status != "open" {
		return err
	}
	return t.payChange(before, sub, inv, ch)
}

// payChange: what becomes of a change whose payment fails.
//
// https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
func (t *tx) payChange(before, sub *object.Subscription, inv *object.Invoice, ch change) error {
	method := t.payer(inv)
	if method == "" && ch.behavior != "default_incomplete" {
		return noPayer()
	}
	if ch.behavior == "default_incomplete" {
		t.fallBehind(sub)
		return nil
	}
	next := object.Stamp(0)
	if ch.behavior == "allow_incomplete" {
		next, inv.State.Retries = object.Stamp(t.now+retryDays[0]*86400), 1
	}
	v := t.attempt(inv.ID, method, ch.offSession, next)
	switch {
	case v == nil:
	case ch.behavior == "error_if_incomplete":
		return t.refusedBy(inv, *v)
	case ch.behavior == "pending_if_incomplete":
		t.postpone(before, sub, inv)
	default:
		t.fallBehind(sub)
	}
	return nil
}

func (t *tx) fallBehind(sub *object.Subscription) {
	if sub.Status == "active" {
		sub.Status = "past_due"
	}
}

const pendingFor = 23 * 3600

// postpone keeps the old items until the invoice is paid.
//
// assumption: a pending update expires after 23 hours, like an incomplete
// subscription.
func (t *tx) postpone(before, sub *object.Subscription, inv *object.Invoice) {
	p := &object.PendingUpdate{ExpiresAt: t.now + pendingFor, SubscriptionItems: sub.Items.Data}
	if sub.BillingCycleAnchor != before.BillingCycleAnchor {
		p.BillingCycleAnchor = object.Stamp(sub.BillingCycleAnchor)
	}
	sub.Items.Data = before.Items.Data
	sub.Status, sub.BillingCycleAnchor, sub.BillingCycleAnchorConfig = before.Status, before.BillingCycleAnchor, before.BillingCycleAnchorConfig
	sub.CurrentPeriodStart, sub.CurrentPeriodEnd, sub.TrialEnd = before.CurrentPeriodStart, before.CurrentPeriodEnd, before.TrialEnd
	sub.PendingUpdate, sub.State.PendingInvoice = p, inv.ID
	t.emit("customer.subscription.updated", sub)
}

// applyPendingUpdate: the invoice it waited for is paid.
func (t *tx) applyPendingUpdate(id string) {
	sub := edit[*object.Subscription](t, id)
	p := sub.PendingUpdate
	if p == nil {
		return
	}
	sub.Items.Data = slices.Clone(p.SubscriptionItems)
	if p.BillingCycleAnchor != 0 {
		sub.BillingCycleAnchor, sub.CurrentPeriodStart, sub.BillingCycleAnchorConfig = int64(p.BillingCycleAnchor), int64(p.BillingCycleAnchor), nil
		sub.CurrentPeriodEnd = subscriptionInterval(sub).Add(sub.BillingCycleAnchor, 1)
	}
	sub.PendingUpdate, sub.State.PendingInvoice = nil, ""
	t.emit("customer.subscription.pending_update_applied", sub)
	t.emit("customer.subscription.updated", sub)
}

// dropPendingUpdate: it was not paid in time.
func (t *tx) dropPendingUpdate(id string) {
	sub := edit[*object.Subscription](t, id)
	invoice := sub.State.PendingInvoice
	sub.PendingUpdate, sub.State.PendingInvoice = nil, ""
	t.emit("customer.subscription.pending_update_expired", sub)
	t.emit("customer.subscription.updated", sub)
	if inv, ok := find[*object.Invoice](t, invoice); ok && inv.Status == "open" {
		t.void(invoice)
	}
}
