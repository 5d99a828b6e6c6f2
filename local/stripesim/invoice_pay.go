package stripesim

import "windfall/local/stripesim/object"

// payer is the card that pays an invoice: its own, the subscription's, or the
// customer's default.
//
// https://docs.stripe.com/billing/subscriptions/payment-methods-setting
//
// assumption: one that was taken off the customer is passed over, and the next
// in line is asked.
func (t *tx) payer(inv *object.Invoice) string {
	cards := []object.Text{inv.DefaultPaymentMethod}
	if sub, ok := find[*object.Subscription](t, string(inv.Subscription)); ok {
		cards = append(cards, sub.DefaultPaymentMethod)
	}
	cus, _ := find[*object.Customer](t, string(inv.Customer))
	for _, card := range append(cards, cus.InvoiceSettings.DefaultPaymentMethod) {
		if card != "" && t.attachedTo(string(card), cus.ID, "") == nil {
			return string(card)
		}
	}
	return ""
}

// noPayer is Stripe's refusal to bill a customer without a card.
func noPayer() *apiError {
	return invalidCode("resource_missing", "", "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.")
}

// attempt charges a card for an open invoice and tells everybody how it went.
// next is when it is tried again if it fails, 0 for never.
func (t *tx) attempt(id, method string, offSession bool, next object.Stamp) *verdict {
	inv := edit[*object.Invoice](t, id)
	inv.AttemptCount++
	inv.Attempted = true
	inv.NextPaymentAttempt = 0
	v := t.collect(string(inv.PaymentIntent), method, offSession)
	pi, _ := find[*object.PaymentIntent](t, string(inv.PaymentIntent))
	inv.Charge = pi.LatestCharge
	if v == nil {
		t.markPaid(id, false)
		return nil
	}
	inv.NextPaymentAttempt = next
	t.emit("invoice.updated", inv)
	if pi.Status == "requires_action" {
		t.emit("invoice.payment_action_required", inv)
	}
	t.emit("invoice.payment_failed", inv)
	return v
}

// markPaid closes an invoice. Both events are sent for one payment.
func (t *tx) markPaid(id string, outOfBand bool) {
	inv := edit[*object.Invoice](t, id)
	inv.AmountPaid, inv.AmountRemaining = inv.AmountDue, 0
	inv.Status, inv.Paid, inv.PaidOutOfBand = "paid", true, outOfBand
	inv.NextPaymentAttempt, inv.StatusTransitions.PaidAt, inv.AutoAdvance = 0, object.Stamp(t.now), false
	if inv.AmountDue == 0 {
		inv.Attempted = true
	}
	if inv.PaymentIntent != "" && outOfBand {
		t.cancelIntent(string(inv.PaymentIntent), "")
	}
	t.emit("invoice.updated", inv)
	t.emitAgain("invoice.paid", inv)
	t.emitAgain("invoice.payment_succeeded", inv)
	t.invoiceSettled(inv)
}

// intentSettled closes the invoice of an intent that was confirmed directly.
func (t *tx) intentSettled(intent string) {
	pi, _ := find[*object.PaymentIntent](t, intent)
	if pi.Status != "succeeded" || pi.Invoice == "" {
		return
	}
	t.keepCard(pi)
	inv := edit[*object.Invoice](t, string(pi.Invoice))
	inv.Charge, inv.AttemptCount, inv.Attempted = pi.LatestCharge, inv.AttemptCount+1, true
	t.markPaid(inv.ID, false)
}

// keepCard makes the card of a confirmed intent the subscription's default,
// when the subscription was created to save it.
func (t *tx) keepCard(pi *object.PaymentIntent) {
	inv, _ := find[*object.Invoice](t, string(pi.Invoice))
	sub, ok := find[*object.Subscription](t, string(inv.Subscription))
	if ok && sub.PaymentSettings.SaveDefaultPaymentMethod == "on_subscription" && t.attachedTo(string(pi.PaymentMethod), sub.Customer, "") == nil {
		edit[*object.Subscription](t, sub.ID).DefaultPaymentMethod = pi.PaymentMethod
	}
}
