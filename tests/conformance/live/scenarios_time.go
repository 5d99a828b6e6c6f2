package main

import (
	"time"

	"github.com/stripe/stripe-go/v76"
)

func scheduledDowngrade(w *world) {
	cus, large, small := w.customer("pm_card_visa"), w.price("Premium", 2000), w.price("Pro", 1000)
	sub := w.subscribe(cus, large, nil)
	w.name("period end", sub.CurrentPeriodEnd)
	plan := must(w.SubscriptionSchedules.New(&stripe.SubscriptionScheduleParams{FromSubscription: &sub.ID}))
	now := plan.Phases[0]
	must(w.SubscriptionSchedules.Update(plan.ID, &stripe.SubscriptionScheduleParams{
		EndBehavior: stripe.String("release"), ProrationBehavior: stripe.String("none"),
		Phases: []*stripe.SubscriptionSchedulePhaseParams{
			{Items: []*stripe.SubscriptionSchedulePhaseItemParams{{Price: &large, Quantity: stripe.Int64(1)}}, StartDate: &now.StartDate, EndDate: &now.EndDate},
			{Items: []*stripe.SubscriptionSchedulePhaseItemParams{{Price: &small, Quantity: stripe.Int64(1)}}, Iterations: stripe.Int64(1), ProrationBehavior: stripe.String("none")},
		},
	}))
	_, err := w.Subscriptions.Update(sub.ID, &stripe.SubscriptionParams{CancelAtPeriodEnd: stripe.Bool(true)})
	w.refused("cancelling beside the schedule", err)
	_, err = w.SubscriptionSchedules.New(&stripe.SubscriptionScheduleParams{FromSubscription: &sub.ID})
	w.refused("a second schedule", err)
	w.subscription(sub.ID)
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0).Add(2 * time.Hour))
	later := must(w.Subscriptions.Get(sub.ID, nil))
	w.name("second end", later.CurrentPeriodEnd)
	w.subscription(sub.ID)
	w.invoices(cus)
	must(w.SubscriptionSchedules.Release(plan.ID, nil))
	w.say("schedule %s", must(w.SubscriptionSchedules.Get(plan.ID, nil)).Status)
	w.events()
}

func trialEnd(w *world) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, w.price("Pro", 2000), func(p *stripe.SubscriptionParams) { p.TrialPeriodDays = stripe.Int64(14) })
	w.name("trial end", sub.TrialEnd)
	w.subscription(sub.ID)
	w.advance(time.Unix(sub.TrialEnd, 0).Add(-2 * 24 * time.Hour))
	w.say("two days before the end of the trial")
	w.subscription(sub.ID)
	w.advance(time.Unix(sub.TrialEnd, 0).Add(2 * time.Hour))
	w.name("period end", must(w.Subscriptions.Get(sub.ID, nil)).CurrentPeriodEnd)
	w.subscription(sub.ID)
	w.invoices(cus)
	w.events()
}

func cancelAtPeriodEnd(w *world) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, w.price("Pro", 2000), nil)
	w.name("period end", sub.CurrentPeriodEnd)
	for _, leave := range []bool{true, false, true} {
		must(w.Subscriptions.Update(sub.ID, &stripe.SubscriptionParams{CancelAtPeriodEnd: &leave}))
		w.subscription(sub.ID)
	}
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0).Add(2 * time.Hour))
	w.subscription(sub.ID)
	w.invoices(cus)
	w.events()
}

func failedRenewal(w *world) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, w.price("Pro", 2000), nil)
	w.name("period end", sub.CurrentPeriodEnd)
	w.useCard(cus, "pm_card_chargeCustomerFail")
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0).Add(2 * time.Hour))
	late := must(w.Subscriptions.Get(sub.ID, nil))
	w.name("second end", late.CurrentPeriodEnd)
	w.subscription(sub.ID)
	w.invoices(cus)
	w.useCard(cus, "pm_card_visa")
	paid := must(w.Invoices.Pay(late.LatestInvoice.ID, nil))
	w.say("invoice %s, tries %d", paid.Status, paid.AttemptCount)
	w.subscription(sub.ID)
	w.events()
}

func usageOnDraft(w *world) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, w.price("Pro", 2000), nil)
	w.name("period end", sub.CurrentPeriodEnd)
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0))
	late := must(w.Subscriptions.Get(sub.ID, nil))
	w.name("second end", late.CurrentPeriodEnd)
	draft := must(w.Invoices.Get(late.LatestInvoice.ID, nil))
	w.invoice(draft)
	must(w.InvoiceItems.New(&stripe.InvoiceItemParams{Customer: &cus, Invoice: &draft.ID, Subscription: &sub.ID, Amount: stripe.Int64(350), Currency: stripe.String("usd"), Description: stripe.String("70 messages")}))
	must(w.InvoiceItems.New(&stripe.InvoiceItemParams{Customer: &cus, Invoice: &draft.ID, Subscription: &sub.ID, Amount: stripe.Int64(-100), Currency: stripe.String("usd"), Discountable: stripe.Bool(false)}))
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0).Add(2 * time.Hour))
	done := must(w.Invoices.Get(draft.ID, nil))
	w.say("invoice %s: total %d, paid %d", done.Status, done.Total, done.AmountPaid)
	_, err := w.InvoiceItems.New(&stripe.InvoiceItemParams{Customer: &cus, Invoice: &draft.ID, Amount: stripe.Int64(1), Currency: stripe.String("usd")})
	w.refused("one more item afterwards", err)
	w.events()
}
