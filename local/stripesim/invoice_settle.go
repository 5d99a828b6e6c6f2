package stripesim

import "windfall/local/stripesim/object"

// invoiceSettled is what a paid, voided or written-off invoice means for its
// subscription: incomplete and past_due end with the latest invoice.
//
// https://docs.stripe.com/billing/invoices/subscription
func (t *tx) invoiceSettled(inv *object.Invoice) {
	old, ok := find[*object.Subscription](t, string(inv.Subscription))
	if !ok {
		return
	}
	if old.State.PendingInvoice == inv.ID && inv.Status == "paid" {
		t.applyPendingUpdate(old.ID)
	}
	if string(old.LatestInvoice) != inv.ID {
		return
	}
	switch old.Status {
	case "incomplete":
		if inv.Status == "void" {
			t.expireIncomplete(old.ID)
			return
		}
		if inv.Status != "paid" {
			return
		}
	case "past_due", "unpaid":
	default:
		return
	}
	sub := edit[*object.Subscription](t, old.ID)
	sub.Status, sub.State.IncompleteUntil = "active", 0
	if int64(sub.TrialEnd) > t.now {
		sub.Status = "trialing"
	}
	t.emit("customer.subscription.updated", sub)
}

// void cancels an open invoice. Balance that it used goes back.
func (t *tx) void(id string) *object.Invoice {
	inv := edit[*object.Invoice](t, id)
	inv.Status, inv.StatusTransitions.VoidedAt, inv.NextPaymentAttempt, inv.AutoAdvance = "void", object.Stamp(t.now), 0, false
	inv.AmountRemaining = inv.AmountDue
	if inv.PaymentIntent != "" {
		t.cancelIntent(string(inv.PaymentIntent), "void_invoice")
	}
	if used := *inv.EndingBalance - inv.StartingBalance; used != 0 {
		t.post(string(inv.Customer), "unapplied_from_invoice", -used, inv.Currency, func(b *object.BalanceTransaction) { b.Invoice = object.Text(id) })
		t.emit("customer.updated", edit[*object.Customer](t, string(inv.Customer)))
	}
	t.emit("invoice.voided", inv)
	t.invoiceSettled(inv)
	return inv
}

// writeOff gives up on an open invoice; it can still be paid.
func (t *tx) writeOff(id string) *object.Invoice {
	inv := edit[*object.Invoice](t, id)
	inv.Status, inv.StatusTransitions.MarkedUncollectibleAt, inv.NextPaymentAttempt, inv.AutoAdvance = "uncollectible", object.Stamp(t.now), 0, false
	t.emit("invoice.marked_uncollectible", inv)
	t.invoiceSettled(inv)
	return inv
}
