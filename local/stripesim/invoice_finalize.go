package stripesim

import (
	"fmt"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

// finalize makes a draft definite: it gets a number, the customer's balance is
// applied, and a payment intent stands ready. What costs nothing is paid. It
// stays a draft, and nothing has happened, where too much is due.
//
// https://docs.stripe.com/invoicing/integration/workflow-transitions
func (t *tx) finalize(id string) (*object.Invoice, error) {
	inv := edit[*object.Invoice](t, id)
	if refused := t.checkDue(inv); refused != nil {
		return inv, refused
	}
	inv.LastFinalizationError = nil
	t.settleBalance(inv)
	cus := edit[*object.Customer](t, string(inv.Customer))
	inv.Number = object.Text(fmt.Sprintf("%s-%04d", cus.InvoicePrefix, cus.NextInvoiceSequence))
	cus.NextInvoiceSequence++
	inv.Status, inv.StatusTransitions.FinalizedAt, inv.EffectiveAt = "open", object.Stamp(t.now), object.Stamp(t.now)
	inv.State.FinalizeAt, inv.NextPaymentAttempt, inv.WebhooksDeliveredAt = 0, 0, object.Stamp(t.now)
	inv.HostedInvoiceURL = object.Text(t.s.base + "/invoice/" + inv.ID)
	inv.InvoicePDF = inv.HostedInvoiceURL + "/pdf"
	t.useOnce(inv)
	if inv.AmountDue > 0 {
		pi := t.newIntent(inv.AmountDue, inv.Currency, inv.Customer)
		pi.Invoice, pi.Description = object.Text(inv.ID), object.Text(intentText(inv))
		pi.SetupFutureUsage = "off_session"
		inv.PaymentIntent = object.Text(pi.ID)
		t.emit("invoice.finalized", inv)
		t.emit("payment_intent.created", pi)
		return inv, nil
	}
	t.emit("invoice.finalized", inv)
	t.markPaid(inv.ID, false)
	return inv, nil
}

func intentText(inv *object.Invoice) string {
	switch inv.BillingReason {
	case "subscription_create":
		return "Subscription creation"
	case "subscription_cycle", "subscription_update":
		return "Subscription update"
	}
	return "Payment for Invoice"
}

// settleBalance applies the customer's balance: credit lowers what is due,
// debt raises it, and a negative total becomes credit.
//
// Of a currency without a minor unit what is due is rounded, and the rest goes there, too.
//
// assumption: amount_due = max(0, total + balance) and the balance afterwards
// is min(0, total + balance), in agreement with the comments of Stripe's SDKs.
//
// https://docs.stripe.com/billing/customer/balance
func (t *tx) settleBalance(inv *object.Invoice) {
	sum := inv.Total + inv.StartingBalance
	inv.AmountDue = calc.Due(max(0, sum), inv.Currency)
	ending, kind := sum-inv.AmountDue, "applied_to_invoice"
	if inv.AmountDue > 0 && inv.AmountDue < smallest[inv.Currency] {
		// too small to be charged: the customer owes it with the next invoice
		inv.AmountDue, ending, kind = 0, sum, "invoice_too_small"
	}
	inv.AmountRemaining, inv.EndingBalance = inv.AmountDue, ptr(ending)
	if change := ending - inv.StartingBalance; change != 0 {
		t.post(string(inv.Customer), kind, change, inv.Currency, func(b *object.BalanceTransaction) { b.Invoice = object.Text(inv.ID) })
		t.emit("customer.updated", edit[*object.Customer](t, string(inv.Customer)))
	}
}

// useOnce: a "once" discount is used up by the first invoice that carries it.
//
// assumption: also when nothing on that invoice was eligible, but not by the
// zero invoice at the start of a trial.
func (t *tx) useOnce(inv *object.Invoice) {
	d := inv.Discount
	if d == nil || d.Coupon.Duration != "once" || inv.Subtotal == 0 && t.startsTrial(inv) {
		return
	}
	switch inv.State.DiscountFrom {
	case "subscription":
		if sub := edit[*object.Subscription](t, string(inv.Subscription)); sub.Discount != nil && sub.Discount.ID == d.ID {
			sub.Discount = nil
			t.emit("customer.discount.deleted", d)
		}
	case "customer":
		if cus := edit[*object.Customer](t, string(inv.Customer)); cus.Discount != nil && cus.Discount.ID == d.ID {
			cus.Discount = nil
			t.emit("customer.discount.deleted", d)
		}
	}
}

func (t *tx) startsTrial(inv *object.Invoice) bool {
	sub, ok := find[*object.Subscription](t, string(inv.Subscription))
	return ok && sub.Status == "trialing"
}
