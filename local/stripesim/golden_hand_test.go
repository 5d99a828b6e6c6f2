package stripesim_test

import (
	"fmt"
	"testing"
	"time"
)

// Cases worked out by hand from the rules of the pages named; the arithmetic
// stands beside the numbers.

func TestGoldenByHand(t *testing.T) {
	t.Parallel()
	const (
		pricing  = "https://docs.stripe.com/products-prices/pricing-models"
		balance  = "https://docs.stripe.com/billing/customer/balance"
		coupons  = "https://docs.stripe.com/billing/subscriptions/coupons"
		trials   = "https://docs.stripe.com/billing/subscriptions/trials"
		cancel   = "https://docs.stripe.com/api/subscriptions/cancel"
		statuses = "https://docs.stripe.com/billing/subscriptions/overview"
		usage    = "https://docs.stripe.com/api/usage_records/create"
		duedates = "https://docs.stripe.com/billing/collection-method"
	)
	runGolden(t, []golden{
		{"graduated tiers", pricing, start, handGraduated},
		{"volume tiers", pricing, start, handVolume},
		{"packs rounded up", "https://docs.stripe.com/products-prices/pricing-models#package-pricing", start, handPacks},
		{"credit lowers the next invoices", balance, start, handBalance},
		{"an amount too small to charge is carried", balance, start, handTooSmall},
		{"a downgrade leaves credit", prorationsPage, start, handDowngrade},
		{"a repeating coupon", coupons, start, handRepeating},
		{"a coupon used once, larger than the invoice", coupons, start, handOnce},
		{"a trial, then the first charge", trials, start, handTrial},
		{"month to year", cyclePage, start, handYear},
		{"one to three units", updatePage, start, handQuantity},
		{"a percentage inside a proration", prorationsPage, start, handPercent},
		{"cancelling now with credit", cancel, start, handCancel},
		{"never paid", statuses, start, handIncomplete},
		{"usage in arrears", usage, start, handUsage},
		{"the credit of an upgrade has its tax", prorationsPage, date(2026, 4, 1, 0), goldenTaxProration},
		{"a discount before tax, a balance after it", balancePage, start, goldenTaxOrder},
		{"a tax for a customer who is nowhere", taxLocations, start, goldenTaxNowhere},
		{"an invoice by mail", duedates, start, handSent},
		{"a later billing date", "https://docs.stripe.com/payments/checkout/billing-cycle", date(2025, 5, 15, 0), handAnchor},
		{"the trial ends now", updatePage, start, handTrialNow},
		{"the cycle starts again now", updatePage, start, handAnchorNow},
		{"free becomes paid", cyclePage, start, handFreePaid},
		// The page says 250, an illustration with halves of a month: 17 of 31 days are left, so 20000 - 5484 + 10968.
		{"G7 100 to 200 on 15 May", updatePage, date(2025, 5, 1, 0), func(w *world, is func(string, any, any)) { goldenMay(w, is, date(2025, 5, 15, 0), 25484) }},
	})
}

const tiers = "billing_scheme=tiered&recurring[interval]=month&currency=usd&product_data[name]=T&tiers[0][up_to]=5&tiers[0][unit_amount]=700&tiers[1][up_to]=10&tiers[1][unit_amount]=650&tiers[2][up_to]=inf&tiers[2][unit_amount]=600&tiers_mode="

func handGraduated(w *world, is func(string, any, any)) {
	price := w.post("/v1/prices", tiers+"graduated").str("id")
	for quantity, want := range map[int]int64{5: 3500, 6: 4150, 20: 12750} {
		// 5x700=3500; 3500+650=4150; 3500+5x650+10x600=12750
		cus := w.customer("pm_card_visa")
		w.subscribe(cus, fmt.Sprintf("items[0][price]=%s&items[0][quantity]=%d", price, quantity))
		is(fmt.Sprint(quantity, " units"), want, w.invoices(cus)[0].num("total"))
	}
}

func handVolume(w *world, is func(string, any, any)) {
	price := w.post("/v1/prices", tiers+"volume").str("id")
	for quantity, want := range map[int]int64{5: 3500, 6: 3900, 20: 12000} { // 5x700, 6x650, 20x600
		cus := w.customer("pm_card_visa")
		w.subscribe(cus, fmt.Sprintf("items[0][price]=%s&items[0][quantity]=%d", price, quantity))
		is(fmt.Sprint(quantity, " units"), want, w.invoices(cus)[0].num("total"))
	}
}

func handPacks(w *world, is func(string, any, any)) {
	price := w.price("1000", "transform_quantity[divide_by]=100&transform_quantity[round]=up")
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+price+"&items[0][quantity]=250") // ceil(250/100)=3 packs
	is("250 units in packs of 100", 3000, w.invoices(cus)[0].num("total"))
}

func handBalance(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/customers/"+cus+"/balance_transactions", "amount=-2500&currency=usd")
	w.subscribe(cus, "items[0][price]="+w.price("2000", ""))
	first := w.invoices(cus)[0]
	is("first: due, ending balance", "0 -500", fmt.Sprint(first.num("amount_due"), " ", first.num("ending_balance"))) // 2000-2500=-500
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	second := w.invoices(cus)[1]
	is("second: start, due, paid", "-500 1500 1500", fmt.Sprint(second.num("starting_balance"), " ", second.num("amount_due"), " ", second.num("amount_paid"))) // 2000-500
	is("balance in the end", 0, w.get("/v1/customers/"+cus, "").num("balance"))
	var ledger []int64
	for _, b := range w.get("/v1/customers/"+cus+"/balance_transactions", "").list("data") {
		ledger = append(ledger, b.num("amount"))
	}
	is("ledger, newest first", []int64{500, 2000, -2500}, ledger)
}

func handTooSmall(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("30", "")) // 30 cents; cards start at 50
	inv := w.get("/v1/invoices/"+sub.str("latest_invoice"), "")
	is("status, due, ending balance", "paid 0 30", fmt.Sprint(inv.str("status"), " ", inv.num("amount_due"), " ", inv.num("ending_balance")))
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	is("next invoice collects both", 60, w.invoices(cus)[1].num("amount_paid"))
}

func handDowngrade(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("6200", ""))
	w.to(start.AddDate(0, 0, 11)) // 20 of 31 days are left
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("3100", ""))
	inv := w.invoices(cus)[1]
	is("lines", []int64{-4000, 2000}, amountsOf(inv.list("lines.data"))) // 6200*20/31, 3100*20/31
	is("status, due, ending balance", "paid 0 -2000", fmt.Sprint(inv.str("status"), " ", inv.num("amount_due"), " ", inv.num("ending_balance")))
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	is("the renewal uses it", 1100, w.invoices(cus)[2].num("amount_paid")) // 3100-2000
}

func handRepeating(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=THREE&percent_off=50&duration=repeating&duration_in_months=3")
	w.subscribe(cus, "coupon=THREE&items[0][price]="+w.price("1000", ""))
	w.to(start.AddDate(0, 4, 0).Add(time.Hour))
	is("five invoices", []int64{500, 500, 500, 1000, 1000}, totals(w.invoices(cus))) // the window is [1 Jan, 1 Apr)
}

func handOnce(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=ONCE&amount_off=5000&currency=usd&duration=once")
	sub := w.subscribe(cus, "coupon=ONCE&items[0][price]="+w.price("2000", ""))
	is("removed when used", nil, w.get("/v1/subscriptions/"+sub.str("id"), "").get("discount"))
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	is("capped, and the rest is lost", []int64{0, 2000}, totals(w.invoices(cus)))
}

func handTrial(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "trial_period_days=14&items[0][price]="+w.price("2000", ""))
	is("status", "trialing", sub.str("status"))
	end := start.AddDate(0, 0, 14)
	w.to(end)
	is("at the end", "active", w.get("/v1/subscriptions/"+sub.str("id"), "").str("status"))
	is("still a draft", "draft", w.invoices(cus)[1].str("status"))
	w.to(end.Add(time.Hour))
	is("paid an hour later", "[0 2000] paid", fmt.Sprint(totals(w.invoices(cus)), " ", w.invoices(cus)[1].str("status")))
	notice := ""
	for _, e := range w.sim.Events() {
		if e.Type == "customer.subscription.trial_will_end" {
			notice += e.Created.Format("2006-01-02")
		}
	}
	is("trial_will_end three days before", "2026-01-12", notice)
}

func handYear(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("3100", ""))
	w.to(start.AddDate(0, 0, 10)) // 21 of 31 days are left
	w.post("/v1/subscriptions/"+sub.str("id"), "items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("30000", "recurring[interval]=year"))
	inv := w.invoices(cus)[1]
	is("lines", []int64{-2100, 30000}, amountsOf(inv.list("lines.data"))) // 3100*21/31
	is("paid now", 27900, inv.num("amount_paid"))
	s := w.get("/v1/subscriptions/"+sub.str("id"), "")
	is("a year from now", "2026-01-11 2027-01-11", dayOf(s.num("billing_cycle_anchor"))+" "+dayOf(s.num("current_period_end")))
}

func handQuantity(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1200", "")+"&items[0][quantity]=1")
	w.to(date(2026, 1, 16, 12)) // half
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][quantity]=3")
	is("whole old, whole new", []int64{-600, 1800}, amountsOf(w.invoices(cus)[1].list("lines.data"))) // 1200/2, 3x1200/2
	is("charged", 1200, w.invoices(cus)[1].num("amount_paid"))
}

func handPercent(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=HALF&percent_off=50&duration=forever")
	sub := w.subscribe(cus, "coupon=HALF&items[0][price]="+w.price("1000", ""))
	w.to(date(2026, 1, 16, 12))
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("2000", ""))
	inv := w.invoices(cus)[1]
	is("half of half", []int64{-250, 500}, amountsOf(inv.list("lines.data"))) // 1000*0.5/2, 2000*0.5/2
	is("and not once more", 250, inv.num("total"))
}

func handCancel(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("3100", ""))
	w.to(start.AddDate(0, 0, 21)) // 10 of 31 days are left
	gone := w.ok("DELETE", "/v1/subscriptions/"+sub.str("id"), "prorate=true&invoice_now=true")
	is("status", "canceled", gone.str("status"))
	is("credit", []int64{3100, -1000}, totals(w.invoices(cus)))
	is("balance", -1000, w.get("/v1/customers/"+cus, "").num("balance"))
	w.to(start.AddDate(0, 3, 0))
	is("nothing afterwards", 2, len(w.invoices(cus)))
}

func handIncomplete(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_chargeCustomerFail")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	is("at first", "incomplete", sub.str("status"))
	w.to(start.Add(23*time.Hour - time.Second))
	is("a second before", "incomplete open", w.get("/v1/subscriptions/"+sub.str("id"), "").str("status")+" "+w.invoices(cus)[0].str("status"))
	w.to(start.Add(23 * time.Hour))
	is("after 23 hours", "incomplete_expired void", w.get("/v1/subscriptions/"+sub.str("id"), "").str("status")+" "+w.invoices(cus)[0].str("status"))
}

func handUsage(w *world, is func(string, any, any)) {
	price := w.post("/v1/prices", "currency=usd&unit_amount_decimal=0.5&product_data[name]=U&recurring[interval]=month&recurring[usage_type]=metered").str("id")
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+price)
	w.to(start.AddDate(0, 0, 5))
	item := sub.str("items.data.0.id")
	w.post("/v1/subscription_items/"+item+"/usage_records", "quantity=1000")
	w.post("/v1/subscription_items/"+item+"/usage_records", "quantity=2001")
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	// 3001 x 0.5 = 1500.5, a tie, rounded away from zero
	is("nothing at first, usage later", []int64{0, 1501}, totals(w.invoices(cus)))
	w.to(start.AddDate(0, 2, 0).Add(time.Hour))
	is("each unit once", []int64{0, 1501, 0}, totals(w.invoices(cus)))
}

func handSent(w *world, is func(string, any, any)) {
	cus := w.customer("")
	sub := w.subscribe(cus, "collection_method=send_invoice&days_until_due=10&items[0][price]="+w.price("1000", ""))
	is("active at once, draft", "active draft", sub.str("status")+" "+w.invoices(cus)[0].str("status"))
	w.to(start.Add(time.Hour))
	inv := w.invoices(cus)[0]
	is("sent after the draft hour", "open 2026-01-11", inv.str("status")+" "+dayOf(inv.num("due_date")))
	w.to(start.AddDate(0, 0, 10))
	is("not paid in time", "past_due", w.get("/v1/subscriptions/"+sub.str("id"), "").str("status"))
	w.post("/v1/invoices/"+inv.str("id")+"/pay", "paid_out_of_band=true")
	is("paid by transfer", "active", w.get("/v1/subscriptions/"+sub.str("id"), "").str("status"))
}

// Created on 15 May, billed on the 1st: 17 of 31 days are left of May.
func handAnchor(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, fmt.Sprint("billing_cycle_anchor=", date(2025, 6, 1, 0).Unix(), "&items[0][price]=", w.price("3100", "")))
	is("first invoice", 1700, w.invoices(cus)[0].num("total")) // 3100*17/31
	w.to(date(2025, 5, 24, 0))
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("6200", ""))
	is("upgrade with 8 days left", []int64{-800, 1600}, amountsOf(w.invoices(cus)[1].list("lines.data"))) // 3100*8/31, 6200*8/31
	w.to(date(2025, 6, 1, 1))
	is("on the 1st", 6200, w.invoices(cus)[2].num("amount_paid"))
	free := w.customer("pm_card_visa")
	w.subscribe(free, fmt.Sprint("proration_behavior=none&billing_cycle_anchor=", date(2025, 7, 1, 0).Unix(), "&items[0][price]=", w.price("3100", "")))
	w.to(date(2025, 7, 1, 1))
	is("without proration the first days are free", []int64{0, 3100}, totals(w.invoices(free)))
}

func handTrialNow(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "trial_period_days=14&items[0][price]="+w.price("2000", ""))
	w.to(start.AddDate(0, 0, 5))
	s := w.post("/v1/subscriptions/"+sub.str("id"), "trial_end=now")
	is("status and anchor", "active 2026-01-06 2026-02-06", s.str("status")+" "+dayOf(s.num("billing_cycle_anchor"))+" "+dayOf(s.num("current_period_end")))
	is("a full period, at once", "[0 2000] paid", fmt.Sprint(totals(w.invoices(cus)), " ", w.invoices(cus)[1].str("status")))
}

func handAnchorNow(w *world, is func(string, any, any)) {
	one, two := w.customer("pm_card_visa"), w.customer("pm_card_visa")
	price := w.price("3100", "")
	first, second := w.subscribe(one, "items[0][price]="+price).str("id"), w.subscribe(two, "items[0][price]="+price).str("id")
	w.to(start.AddDate(0, 0, 10))
	w.post("/v1/subscriptions/"+first, "billing_cycle_anchor=now")
	w.post("/v1/subscriptions/"+second, "billing_cycle_anchor=now&proration_behavior=none")
	is("credit and a full period", []int64{-2100, 3100}, amountsOf(w.invoices(one)[1].list("lines.data"))) // 3100*21/31
	is("no credit, but billed", []int64{3100}, amountsOf(w.invoices(two)[1].list("lines.data")))
}

func handFreePaid(w *world, is func(string, any, any)) {
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("0", ""))
	w.to(start.AddDate(0, 0, 10))
	s := w.post("/v1/subscriptions/"+sub.str("id"), "items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("1000", ""))
	is("a full period from now", "2026-01-11 2026-02-11", dayOf(s.num("billing_cycle_anchor"))+" "+dayOf(s.num("current_period_end")))
	is("charged in full", []int64{0, 1000}, totals(w.invoices(cus)))
}
