package payments

import (
	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// currentPhase repeats the running terms until the period ends, from the
// subscription itself: it may have been changed beside its schedule.
func currentPhase(sub *stripe.Subscription, schedule *stripe.SubscriptionSchedule) *stripe.SubscriptionSchedulePhaseParams {
	phase := phaseOf(sub)
	phase.StartDate, phase.EndDate = &sub.CurrentPeriodStart, &sub.CurrentPeriodEnd
	if schedule.CurrentPhase != nil {
		phase.StartDate = &schedule.CurrentPhase.StartDate // Stripe requires the exact same value
	}
	if sub.Status == stripe.SubscriptionStatusTrialing {
		phase.TrialEnd = &sub.TrialEnd
	}
	for _, item := range itemsOf(sub) {
		one := &stripe.SubscriptionSchedulePhaseItemParams{Price: &item.Price.ID, Quantity: &item.Quantity, Metadata: item.Metadata, TaxRates: idsOf(item.TaxRates)}
		if item.Price.Recurring != nil && item.Price.Recurring.UsageType == stripe.PriceRecurringUsageTypeMetered {
			one.Quantity = nil
		}
		phase.Items = append(phase.Items, one)
	}
	return phase
}

// nextPhase is one period of the next terms; then the schedule releases the
// subscription.
func nextPhase(sub *stripe.Subscription, n *billing.SetPlan, r billing.Results) *stripe.SubscriptionSchedulePhaseParams {
	phase := phaseOf(sub)
	phase.Iterations = stripe.Int64(1)
	if n.Restart {
		phase.BillingCycleAnchor = stripe.String(string(stripe.SubscriptionSchedulePhaseBillingCycleAnchorPhaseStart))
	}
	for _, l := range n.Next {
		price, quantity := priceOf(l, r), l.Quantity
		if l.Recurring {
			phase.Items = append(phase.Items, &stripe.SubscriptionSchedulePhaseItemParams{Price: &price, Quantity: &quantity})
		} else {
			phase.AddInvoiceItems = append(phase.AddInvoiceItems, &stripe.SubscriptionSchedulePhaseAddInvoiceItemParams{Price: &price, Quantity: &quantity})
		}
	}
	return phase
}

// phaseOf has the terms of a subscription that a plan does not change. They are
// in every phase, because a phase removes what it does not name: a running
// discount must outlive a change of prices.
func phaseOf(sub *stripe.Subscription) *stripe.SubscriptionSchedulePhaseParams {
	phase := &stripe.SubscriptionSchedulePhaseParams{
		ProrationBehavior: stripe.String("none"),
		CollectionMethod:  known(string(sub.CollectionMethod)),
		Description:       known(sub.Description),
		DefaultTaxRates:   idsOf(sub.DefaultTaxRates),
	}
	if sub.CollectionMethod == stripe.SubscriptionCollectionMethodSendInvoice {
		phase.InvoiceSettings = &stripe.SubscriptionSchedulePhaseInvoiceSettingsParams{DaysUntilDue: &sub.DaysUntilDue}
	}
	if sub.DefaultPaymentMethod != nil {
		phase.DefaultPaymentMethod = &sub.DefaultPaymentMethod.ID
	}
	if sub.Discount != nil && sub.Discount.Coupon != nil {
		phase.Coupon = &sub.Discount.Coupon.ID
	}
	if taxed(sub) {
		phase.AutomaticTax = &stripe.SubscriptionSchedulePhaseAutomaticTaxParams{Enabled: stripe.Bool(true)}
	}
	return phase
}

func idsOf(rates []*stripe.TaxRate) []*string {
	var ids []*string
	for _, rate := range rates {
		ids = append(ids, &rate.ID)
	}
	return ids
}
