package stripesim

import (
	"windfall/local/stripesim/hosted"
	"windfall/local/stripesim/object"
)

// completeSubscription opens the subscription. The card becomes its default,
// not the customer's.
func (t *tx) completeSubscription(cs *object.CheckoutSession, p hosted.Purchase, discount *redemption) error {
	method, err := t.checkoutMethod(cs, p)
	if err != nil {
		return err
	}
	o := opening{customer: string(cs.Customer), behavior: "error_if_incomplete", discount: discount, session: cs.ID, trialEnd: cs.State.TrialEnd, anchor: cs.State.BillingCycleAnchor, prorate: cs.State.ProrationBehavior != "none"}
	if cs.State.TrialDays > 0 {
		o.trialEnd = t.now + cs.State.TrialDays*86400
	}
	t.checkoutItems(cs, &o)
	if len(o.items) == 0 {
		return invalid("quantities", "At least one recurring line item must have a quantity.")
	}
	o.dress = func(sub *object.Subscription) error {
		sub.AutomaticTax = object.AutomaticTax{Enabled: cs.AutomaticTax.Enabled, Liability: cs.AutomaticTax.Liability}
		sub.DefaultPaymentMethod, sub.Metadata, sub.Description = object.Text(method), cs.State.SubscriptionMeta, object.Text(cs.State.SubscriptionText)
		if b := cs.State.TrialEndBehavior; b != "" {
			sub.TrialSettings = &object.TrialSettings{EndBehavior: object.TrialEndBehavior{MissingPaymentMethod: b}}
		}
		return nil
	}
	sub, err := t.open(o)
	if err != nil {
		return err
	}
	cs.Subscription, cs.Invoice = object.Text(sub.ID), sub.LatestInvoice
	inv, _ := find[*object.Invoice](t, string(sub.LatestInvoice))
	if method != "" && inv.PaymentIntent == "" {
		t.savedBySetup(cs, method, object.Text(""))
		cs.SetupIntent = ""
	}
	return nil
}

// checkoutMethod saves the card, when the session needs one.
func (t *tx) checkoutMethod(cs *object.CheckoutSession, p hosted.Purchase) (string, error) {
	if *cs.AmountTotal == 0 && cs.PaymentMethodCollection != "always" && p.PaymentMethod == "" {
		return "", nil
	}
	pm, err := t.checkoutCard(p)
	if err != nil {
		return "", err
	}
	t.presentCustomer()
	return t.attach(pm.ID, string(cs.Customer))
}

// checkoutItems sorts the lines into what recurs and what is paid once.
func (t *tx) checkoutItems(cs *object.CheckoutSession, o *opening) {
	for _, line := range cs.State.Lines {
		switch {
		case line.Quantity != nil && *line.Quantity == 0:
		case line.Price.Recurring == nil:
			o.extra = append(o.extra, extraItem{line.Price, *line.Quantity})
		default:
			o.items = append(o.items, &object.SubscriptionItem{ID: t.newID("si_"), Object: "subscription_item", Created: t.now, Price: line.Price, Quantity: line.Quantity})
		}
	}
}

// presentCustomer: the buyer sits in front of the page and authenticates, so a
// card that asks for authentication works here, and asks again later.
func (t *tx) presentCustomer() { t.present = true }

// completePayment takes a single payment, with an invoice when it was asked for.
//
// assumption: the session's discount alone lowers it, and none of the customer's,
// as neither a payment intent nor the customer's balance knows of one.
func (t *tx) completePayment(cs *object.CheckoutSession, p hosted.Purchase, discount *redemption) error {
	if *cs.AmountTotal == 0 {
		if discount != nil {
			t.redeem(*discount, string(cs.Customer), "", cs.ID)
		}
		return nil
	}
	pm, err := t.checkoutCard(p)
	if err != nil {
		return err
	}
	t.presentCustomer()
	if cs.State.SetupFutureUsage != "" {
		if _, err := t.attach(pm.ID, string(cs.Customer)); err != nil {
			return err
		}
	}
	if cs.InvoiceCreation.Enabled {
		return t.completeInvoice(cs, pm.ID, discount)
	}
	if discount != nil {
		t.redeem(*discount, string(cs.Customer), "", cs.ID)
	}
	pi := t.newIntent(*cs.AmountTotal, string(cs.Currency), cs.Customer)
	pi.Metadata, pi.Description, pi.SetupFutureUsage = cs.State.PaymentMeta, object.Text(cs.State.PaymentText), object.Text(cs.State.SetupFutureUsage)
	t.emit("payment_intent.created", pi)
	if v := t.collect(pi.ID, pm.ID, false); v != nil {
		return declined(*v)
	}
	cs.PaymentIntent = object.Text(pi.ID)
	return nil
}

// completeInvoice bills the lines on an invoice of their own. The customer's
// balance is not touched by it.
//
// https://docs.stripe.com/billing/customer/balance
func (t *tx) completeInvoice(cs *object.CheckoutSession, method string, discount *redemption) error {
	inv := t.newInvoice(string(cs.Customer), nil, "manual", string(cs.Currency))
	inv.State.SkipBalance, inv.AutoAdvance, inv.AutomaticTax = true, false, cs.AutomaticTax
	inv.Metadata, inv.Description, inv.Footer = cs.InvoiceCreation.InvoiceData.Metadata, cs.InvoiceCreation.InvoiceData.Description, cs.InvoiceCreation.InvoiceData.Footer
	for _, line := range cs.State.Lines {
		it := t.newInvoiceItem(string(cs.Customer), string(cs.Currency))
		it.Price, it.Quantity, it.Amount = line.Price, *line.Quantity, lineCost(line)
		it.UnitAmount, it.UnitAmountDecimal, it.Description = line.Price.UnitAmount, line.Price.UnitAmountDecimal, object.Text(line.Description)
		t.emit("invoiceitem.created", it)
		t.takeItem(inv, it.ID)
	}
	if discount != nil {
		inv.Discount, inv.State.DiscountFrom = t.redeem(*discount, string(cs.Customer), "", cs.ID), "invoice"
		inv.Discount.Invoice = object.Text(inv.ID)
	}
	t.total(inv)
	t.emit("invoice.created", inv)
	if _, err := t.finalize(inv.ID); err != nil {
		return err
	}
	cs.Invoice = object.Text(inv.ID)
	if inv.Status == "paid" {
		return nil
	}
	pi := edit[*object.PaymentIntent](t, string(inv.PaymentIntent))
	pi.Metadata, pi.SetupFutureUsage = cs.State.PaymentMeta, object.Text(cs.State.SetupFutureUsage)
	if cs.State.PaymentText != "" {
		pi.Description = object.Text(cs.State.PaymentText)
	}
	cs.PaymentIntent = inv.PaymentIntent
	if v := t.attempt(inv.ID, method, false, 0); v != nil {
		return declined(*v)
	}
	return nil
}

// completeSetup saves a card for later.
func (t *tx) completeSetup(cs *object.CheckoutSession, p hosted.Purchase) error {
	pm, err := t.checkoutCard(p)
	if err != nil {
		return err
	}
	if cs.Customer != "" {
		if _, err := t.attach(pm.ID, string(cs.Customer)); err != nil {
			return err
		}
	}
	t.savedBySetup(cs, pm.ID, object.Text(cs.State.SetupText))
	return nil
}

// savedBySetup is the setup intent through which a session saved a card.
func (t *tx) savedBySetup(cs *object.CheckoutSession, method string, description object.Text) {
	si := t.newSetupIntent(cs.Customer, "off_session")
	si.PaymentMethod, si.Metadata, si.Description, si.Status = object.Text(method), cs.State.SetupMeta, description, "succeeded"
	cs.SetupIntent = object.Text(si.ID)
	t.emit("setup_intent.created", si)
	t.emit("setup_intent.succeeded", si)
}
