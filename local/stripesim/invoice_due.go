package stripesim

import "windfall/local/stripesim/object"

// retryDays are the days between automatic tries of a failed invoice.
//
// assumption: Stripe's Smart Retries choose their own times; this fixed
// schedule is documented instead. https://docs.stripe.com/billing/revenue-recovery/smart-retries
//
// assumption: the account retries those of no subscription as well, and leaves them open
// after the last try. https://docs.stripe.com/billing/automatic-collection
var retryDays = []int64{3, 5, 7}

// invoiceDue is when an invoice moves by itself: the end of the draft hour, a
// retry, or the day it had to be paid.
func invoiceDue(inv *object.Invoice) int64 {
	switch {
	case inv.Status == "draft" && inv.AutoAdvance:
		return inv.State.FinalizeAt
	case inv.Status == "open" && inv.AutoAdvance && inv.NextPaymentAttempt != 0:
		return int64(inv.NextPaymentAttempt)
	case inv.Status == "open":
		return inv.State.PaidThrough
	}
	return 0
}

func (t *tx) invoiceFalls(old *object.Invoice) error {
	t.livesOn(string(old.TestClock))
	inv := edit[*object.Invoice](t, old.ID)
	switch {
	case inv.Status == "draft" && t.webhookFails(inv):
		inv.State.FinalizeAt = t.now + draftHour
		inv.NextPaymentAttempt = object.Stamp(inv.State.FinalizeAt)
	case inv.Status == "draft":
		t.advance(inv.ID)
	case inv.NextPaymentAttempt != 0:
		t.retry(inv.ID)
	default:
		inv.State.PaidThrough = 0
		t.overdue(inv)
	}
	return nil
}

// webhookFails: while an endpoint does not accept invoice.created, the draft
// waits for up to 72 hours.
//
// https://docs.stripe.com/billing/subscriptions/webhooks
func (t *tx) webhookFails(inv *object.Invoice) bool {
	if t.now >= inv.Created+72*3600 {
		return false
	}
	event, ok := find[*object.Event](t, inv.State.CreatedEvent)
	return ok && len(event.State.Waiting) > 0 && len(event.State.Deliveries) > 0
}

// advance finalizes a draft and collects it as its subscription wants.
func (t *tx) advance(id string) {
	inv, err := t.finalize(id)
	if err != nil {
		t.notFinalized(inv, asAPIError(err))
		return
	}
	if sub, ok := find[*object.Subscription](t, string(inv.Subscription)); ok && sub.PauseCollection != nil && inv.Status == "open" {
		switch sub.PauseCollection.Behavior {
		case "void":
			t.void(id)
			return
		case "mark_uncollectible":
			t.writeOff(id)
			return
		}
	}
	switch {
	case inv.Status != "open":
	case inv.CollectionMethod == "send_invoice":
		inv.State.PaidThrough = int64(inv.DueDate)
		t.emit("invoice.sent", inv)
	default:
		t.retry(id)
	}
}

// retry tries the card once and plans the next try when it fails.
func (t *tx) retry(id string) {
	inv := edit[*object.Invoice](t, id)
	method := t.payer(inv)
	if method == "" {
		inv.AttemptCount++
		inv.Attempted = true
	}
	planned := inv.State.Retries
	next := object.Stamp(0)
	if planned < int64(len(retryDays)) {
		next = object.Stamp(t.now + retryDays[planned]*86400)
	}
	inv.State.Retries++
	if method != "" && t.attempt(id, method, false, next) == nil {
		return
	}
	if method == "" {
		inv.NextPaymentAttempt = next
		t.emit("invoice.updated", inv)
		t.emit("invoice.payment_failed", inv)
	}
	t.paymentFailed(inv, next == 0)
}

// paymentFailed makes the subscription past_due, and ends it after the last try.
//
// assumption: the account is set to cancel when all retries have failed, which
// is the setting of a new account.
func (t *tx) paymentFailed(inv *object.Invoice, last bool) {
	old, ok := find[*object.Subscription](t, string(inv.Subscription))
	if !ok || string(old.LatestInvoice) != inv.ID && !last {
		return
	}
	switch {
	case old.Status == "canceled" || old.Status == "incomplete" || old.Status == "incomplete_expired":
	case last:
		t.endSubscription(old.ID, "payment_failed")
	default:
		sub := edit[*object.Subscription](t, old.ID)
		sub.Status = "past_due"
		t.emit("customer.subscription.updated", sub)
	}
}

// overdue: an invoice that was sent and not paid in time.
func (t *tx) overdue(inv *object.Invoice) {
	old, ok := find[*object.Subscription](t, string(inv.Subscription))
	if ok && string(old.LatestInvoice) == inv.ID && (old.Status == "active" || old.Status == "trialing") {
		sub := edit[*object.Subscription](t, old.ID)
		sub.Status = "past_due"
		t.emit("customer.subscription.updated", sub)
	}
}
