package main

import (
	"time"

	"github.com/stripe/stripe-go/v76"
)

// A scenario is a piece of billing with a title of one line.
type scenario struct {
	name, about string
	play        func(*world)
}

var scenarios = []scenario{
	{"first_payment", "a subscription is opened with a card that works", firstPayment},
	{"decline", "the first charge fails: refused, or incomplete and then expired", decline},
	{"upgrade", "to twice the price at half of the period, billed at once", upgrade},
	{"scheduled_downgrade", "to half the price when the period ends, by a schedule", scheduledDowngrade},
	{"trial_end", "14 days free, then the first bill", trialEnd},
	{"cancel_at_period_end", "cancelled, taken back, cancelled again, over", cancelAtPeriodEnd},
	{"coupon", "25 percent off once, and 5 off for ever by a promotion code", coupon},
	{"balance_credit", "15 of credit pay for a bill and a half", balanceCredit},
	{"failed_renewal", "the card fails at the renewal; another one pays", failedRenewal},
	{"usage_on_draft", "usage is added to the renewal while it is a draft", usageOnDraft},
}

func firstPayment(w *world) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, w.price("Pro", 2000), nil)
	w.name("period end", sub.CurrentPeriodEnd)
	w.subscription(sub.ID)
	w.invoices(cus)
	_, err := w.trySubscribe(w.customer(""), w.prices[0], nil)
	w.refused("without a card", err)
	w.events()
}

func decline(w *world) {
	cus, price := w.customer("pm_card_chargeCustomerFail"), w.price("Pro", 2000)
	_, err := w.trySubscribe(cus, price, func(p *stripe.SubscriptionParams) { p.PaymentBehavior = stripe.String("error_if_incomplete") })
	w.refused("error_if_incomplete", err)
	sub := w.subscribe(cus, price, nil)
	w.name("period end", sub.CurrentPeriodEnd)
	w.subscription(sub.ID)
	w.invoices(cus)
	w.advance(w.at.Add(24 * time.Hour))
	w.say("a day later")
	w.say("subscription %s", must(w.Subscriptions.Get(sub.ID, nil)).Status)
	w.say("invoice %s", must(w.Invoices.Get(sub.LatestInvoice.ID, nil)).Status)
	_, err = w.PaymentMethods.Attach("pm_card_visa_chargeDeclined", &stripe.PaymentMethodAttachParams{Customer: &cus})
	w.refused("saving a card that declines", err)
	w.events()
}

func upgrade(w *world) {
	cus, small, large := w.customer("pm_card_visa"), w.price("Pro", 1000), w.price("Premium", 2000)
	sub := w.subscribe(cus, small, nil)
	w.name("period end", sub.CurrentPeriodEnd)
	half := (sub.CurrentPeriodStart + sub.CurrentPeriodEnd) / 2
	w.name("half time", half)
	w.advance(time.Unix(half, 0))
	item := sub.Items.Data[0].ID
	next := must(w.Invoices.Upcoming(&stripe.InvoiceUpcomingParams{
		Customer: &cus, Subscription: &sub.ID, SubscriptionProrationDate: &half, SubscriptionProrationBehavior: stripe.String("always_invoice"),
		SubscriptionItems: []*stripe.SubscriptionItemsParams{{ID: &item, Price: &large}},
	}))
	w.say("announced: %d", next.AmountDue)
	must(w.Subscriptions.Update(sub.ID, &stripe.SubscriptionParams{
		Items: []*stripe.SubscriptionItemsParams{{ID: &item, Price: &large}}, ProrationDate: &half,
		ProrationBehavior: stripe.String("always_invoice"), PaymentBehavior: stripe.String("error_if_incomplete"),
	}))
	w.subscription(sub.ID)
	w.invoices(cus)
	w.useCard(cus, "pm_card_chargeCustomerFail")
	_, err := w.Subscriptions.Update(sub.ID, &stripe.SubscriptionParams{
		Items:             []*stripe.SubscriptionItemsParams{{ID: &item, Price: &large, Quantity: stripe.Int64(2)}},
		ProrationBehavior: stripe.String("always_invoice"), PaymentBehavior: stripe.String("error_if_incomplete"),
	})
	w.refused("a second one, with a card that fails", err)
	w.subscription(sub.ID)
	w.events()
}

func coupon(w *world) {
	price := w.price("Pro", 2000)
	once := w.coupon(stripe.CouponParams{PercentOff: stripe.Float64(25), Duration: stripe.String("once")})
	five := w.coupon(stripe.CouponParams{AmountOff: stripe.Int64(500), Currency: stripe.String("usd"), Duration: stripe.String("forever")})
	code := must(w.PromotionCodes.New(&stripe.PromotionCodeParams{Coupon: &five, Restrictions: &stripe.PromotionCodeRestrictionsParams{FirstTimeTransaction: stripe.Bool(true)}}))
	var end time.Time
	for _, discount := range []func(*stripe.SubscriptionParams){
		func(p *stripe.SubscriptionParams) { p.Coupon = &once },
		func(p *stripe.SubscriptionParams) { p.PromotionCode = &code.ID },
	} {
		cus := w.customer("pm_card_visa")
		sub := w.subscribe(cus, price, discount)
		end = time.Unix(sub.CurrentPeriodEnd, 0)
		w.name("period end", sub.CurrentPeriodEnd)
		w.subscription(sub.ID)
	}
	_, err := w.trySubscribe(w.customers[0], price, func(p *stripe.SubscriptionParams) { p.PromotionCode = &code.ID })
	w.refused("a code for newcomers, by somebody who has paid", err)
	w.say("redeemed: %d", must(w.PromotionCodes.Get(code.ID, nil)).TimesRedeemed)
	w.advance(end.Add(2 * time.Hour))
	for _, cus := range w.customers {
		for _, inv := range w.invoicesOf(cus) {
			w.say("invoice %s: %d", inv.BillingReason, inv.Total)
		}
	}
	w.events()
}

func balanceCredit(w *world) {
	cus := w.customer("pm_card_visa")
	must(w.CustomerBalanceTransactions.New(&stripe.CustomerBalanceTransactionParams{Customer: &cus, Amount: stripe.Int64(-1500), Currency: stripe.String("usd")}))
	sub := w.subscribe(cus, w.price("Basic", 1000), nil)
	w.name("period end", sub.CurrentPeriodEnd)
	w.say("balance %d", must(w.Customers.Get(cus, nil)).Balance)
	w.advance(time.Unix(sub.CurrentPeriodEnd, 0).Add(2 * time.Hour))
	for _, inv := range w.invoicesOf(cus) {
		w.say("invoice %s %s: total %d, due %d, balance %d", inv.BillingReason, inv.Status, inv.Total, inv.AmountDue, inv.StartingBalance)
	}
	w.say("balance %d", must(w.Customers.Get(cus, nil)).Balance)
	w.events()
}
