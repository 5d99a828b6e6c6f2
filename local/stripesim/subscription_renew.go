package stripesim

import "windfall/local/stripesim/object"

// renew begins the next period and drafts its invoice, which finalizes an hour
// later. A trial ends the same way.
func (t *tx) renew(id string) {
	sub := edit[*object.Subscription](t, id)
	wasTrial := sub.Status == "trialing"
	if wasTrial && !t.trialEnds(sub) {
		return
	}
	start, end := sub.CurrentPeriodStart, sub.CurrentPeriodEnd
	sub.CurrentPeriodStart = end
	sub.CurrentPeriodEnd = billingCycle(sub).After(sub.BillingCycleAnchor, end)
	t.dropOldDiscount(sub)
	inv := t.cycleInvoice(sub, start, end, wasTrial)
	if t.snap(inv) {
		return
	}
	sub.LatestInvoice = object.Text(inv.ID)
	t.emit("customer.subscription.updated", sub)
	t.emit("invoice.created", inv)
}

// cycleInvoice bills usage of the period that ended and the period that begins.
// What was used in a trial is free.
func (t *tx) cycleInvoice(sub *object.Subscription, start, end int64, wasTrial bool) *object.Invoice {
	inv := t.newInvoice(sub.Customer, sub, "subscription_cycle", sub.Currency)
	inv.PeriodStart, inv.PeriodEnd = start, end
	t.takePending(inv)
	for _, item := range sub.Items.Data {
		switch {
		case metered(item.Price) && wasTrial:
			t.addPeriod(inv, sub, item, t.usage(item, start, end), 0, start, end)
			continue
		case metered(item.Price):
			t.addUsage(inv, sub, item, start, end)
			continue
		}
		t.addPeriod(inv, sub, item, quantityOf(item), itemCost(item), sub.CurrentPeriodStart, sub.CurrentPeriodEnd)
	}
	t.total(inv)
	t.startDraftHour(inv)
	return inv
}

// trialEnds makes the subscription active, unless nobody can pay and it is to
// be cancelled or paused then.
//
// https://docs.stripe.com/billing/subscriptions/trials
func (t *tx) trialEnds(sub *object.Subscription) bool {
	if sub.CollectionMethod == "charge_automatically" && !t.hasCard(sub) {
		switch sub.TrialSettings.EndBehavior.MissingPaymentMethod {
		case "cancel":
			t.endSubscription(sub.ID, "")
			return false
		case "pause":
			sub.Status = "paused"
			t.emit("customer.subscription.updated", sub)
			t.emit("customer.subscription.paused", sub)
			return false
		}
	}
	sub.Status = "active"
	return true
}

func (t *tx) hasCard(sub *object.Subscription) bool {
	cus, _ := find[*object.Customer](t, sub.Customer)
	return sub.DefaultPaymentMethod != "" || cus.InvoiceSettings.DefaultPaymentMethod != ""
}

// dropOldDiscount removes a repeating discount whose window is over.
func (t *tx) dropOldDiscount(sub *object.Subscription) {
	if d := sub.Discount; d != nil && !t.running(d) {
		t.emit("customer.discount.deleted", d)
		sub.Discount = nil
	}
	if cus, _ := find[*object.Customer](t, sub.Customer); cus.Discount != nil && !t.running(cus.Discount) {
		t.dropCustomerDiscount(edit[*object.Customer](t, sub.Customer))
	}
}
