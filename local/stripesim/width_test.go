package stripesim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"windfall/local/stripesim"
)

// TestEveryEndpoint uses each endpoint at least once, successfully.
func TestEveryEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	used := map[string]bool{}
	w.sim.Observe(func(method, path string) { used[stripesim.PatternOf(method, path)] = true })
	w.useCustomers()
	w.usePayments()
	w.useCatalog()
	w.useSubscriptions()
	w.useInvoices()
	w.useTheRest()
	for _, p := range stripesim.Patterns() {
		if !used[p] {
			t.Errorf("never used: %s", p)
		}
	}
	t.Logf("%d endpoints", len(stripesim.Patterns()))
	for after := ""; ; {
		page := w.get("/v1/events", "limit=100"+after)
		list := page.list("data")
		if page.get("has_more") != true {
			break
		}
		after = "&starting_after=" + list[len(list)-1].str("id")
	}
}

func (w *world) del(path string) raw { w.t.Helper(); return w.ok(http.MethodDelete, path, "") }

func (w *world) useCustomers() {
	cus := w.post("/v1/customers", "name=Ada&address[city]=Paris&metadata[a]=b&shipping[name]=A&shipping[address][city]=Paris").str("id")
	w.post("/v1/customers/"+cus, "metadata[a]=&phone=1&balance=-100")
	row := w.post("/v1/customers/"+cus+"/balance_transactions", "amount=-100&currency=usd").str("id")
	w.post("/v1/customers/"+cus+"/balance_transactions/"+row, "description=x")
	w.get("/v1/customers/"+cus+"/balance_transactions/"+row, "")
	w.get("/v1/customers/"+cus+"/balance_transactions", "limit=1")
	w.post("/v1/coupons", "id=GIFT&percent_off=12.5")
	w.post("/v1/customers/"+cus, "coupon=GIFT")
	w.get("/v1/customers/"+cus, "expand[]=subscriptions&expand[]=sources&expand[]=tax")
	w.del("/v1/customers/" + cus + "/discount")
	pm := w.post("/v1/payment_methods", "type=card&card[number]=5555555555554444&card[exp_month]=1&card[exp_year]=2035&billing_details[name]=Ada").str("id")
	w.post("/v1/payment_methods/"+pm+"/attach", "customer="+cus)
	w.post("/v1/payment_methods/"+pm, "metadata[a]=b&card[exp_year]=2036")
	w.get("/v1/payment_methods/"+pm, "expand[]=customer")
	w.get("/v1/payment_methods", "type=card&customer="+cus)
	w.get("/v1/customers/"+cus+"/subscriptions", "limit=3")
	w.get("/v1/customers/"+cus+"/payment_methods", "")
	w.get("/v1/customers/"+cus+"/payment_methods/"+pm, "")
	w.post("/v1/payment_methods/"+pm+"/detach", "")
	w.get("/v1/customers", "email=nobody@example.com")
	if got := w.del("/v1/customers/" + cus); got.get("deleted") != true || w.get("/v1/customers/"+cus, "").get("deleted") != true {
		w.t.Errorf("deleted customer: %v", got)
	}
	if got := w.get("/v1/customers/"+cus, "expand[]=subscriptions"); len(got) != 3 {
		w.t.Errorf("more is left of a deleted customer than that it was one: %v", got)
	}
}

func (w *world) usePayments() {
	cus := w.customer("")
	si := w.post("/v1/setup_intents", "customer="+cus+"&payment_method_types[]=card").str("id")
	w.post("/v1/setup_intents/"+si, "metadata[a]=b")
	w.post("/v1/setup_intents/"+si+"/confirm", "payment_method=pm_card_visa")
	w.get("/v1/setup_intents/"+si, "")
	w.get("/v1/setup_intents", "customer="+cus)
	w.post("/v1/setup_intents/"+w.post("/v1/setup_intents", "").str("id")+"/cancel", "")
	pi := w.post("/v1/payment_intents", "amount=1000&currency=usd&customer="+cus+"&automatic_payment_methods[enabled]=true").str("id")
	w.post("/v1/payment_intents/"+pi, "amount=1200&description=x")
	paid := w.post("/v1/payment_intents/"+pi+"/confirm", "payment_method=pm_card_visa")
	w.get("/v1/payment_intents/"+pi, "expand[]=latest_charge")
	w.get("/v1/payment_intents", "customer="+cus)
	w.post("/v1/payment_intents/"+w.post("/v1/payment_intents", "amount=100&currency=usd").str("id")+"/cancel", "")
	ch := paid.str("latest_charge")
	w.get("/v1/charges/"+ch, "expand[]=refunds")
	w.post("/v1/charges/"+ch, "description=y")
	w.get("/v1/charges", "payment_intent="+pi)
	re := w.post("/v1/refunds", "amount=200&charge="+ch).str("id")
	w.post("/v1/refunds/"+re, "metadata[a]=b")
	w.get("/v1/refunds/"+re, "expand[]=charge")
	w.get("/v1/refunds", "charge="+ch)
	for _, evidence := range []string{"/close?", "?evidence[uncategorized_text]=winning_evidence"} {
		disputed := w.post("/v1/payment_intents", "confirm=true&amount=500&currency=usd&payment_method=pm_card_createDispute").str("latest_charge")
		d := w.get("/v1/disputes", "charge="+disputed).str("data.0.id")
		path, values, _ := strings.Cut(evidence, "?")
		w.post("/v1/disputes/"+d+path, values)
		w.get("/v1/disputes/"+d, "expand[]=charge")
	}
	if status, e := w.refused("POST", "/v1/payment_intents", "confirm=true&amount=500&currency=usd&payment_method=pm_card_visa_chargeDeclinedInsufficientFunds"); status != 402 || e.str("decline_code") != "insufficient_funds" || e.str("payment_intent.status") != "requires_payment_method" {
		w.t.Errorf("declined intent: %d %v", status, e)
	}
	three := w.post("/v1/payment_intents", "confirm=true&amount=500&currency=usd&payment_method=pm_card_threeDSecure2Required")
	if three.str("status") != "requires_action" || three.get("next_action") == nil {
		w.t.Errorf("authentication: %v", three)
	}
}

func (w *world) useCatalog() {
	prod := w.post("/v1/products", "id=pro&name=Pro&features[0][name]=Fast&default_price_data[currency]=usd&default_price_data[unit_amount]=500&default_price_data[recurring][interval]=month")
	w.post("/v1/products/pro", "description=x&images[]=https://x.test/a.png")
	w.get("/v1/products/pro", "expand[]=default_price")
	w.get("/v1/products", "active=true&ids[]=pro")
	w.post("/v1/products", "id=bare&name=Bare")
	w.del("/v1/products/bare")
	w.get("/v1/prices/"+prod.str("default_price"), "expand[]=product")
	tiered := w.post("/v1/prices", tiers+"volume&lookup_key=k").str("id")
	if got := w.get("/v1/prices/"+tiered, "expand[]=tiers"); len(got.list("tiers")) != 3 {
		w.t.Errorf("tiers %v", got)
	}
	w.post("/v1/prices/"+tiered, "nickname=n&metadata[a]=b")
	w.get("/v1/prices", "lookup_keys[]=k&type=recurring")
	w.post("/v1/coupons", "id=ONLY&amount_off=100&currency=usd&duration=repeating&duration_in_months=2&applies_to[products][]=pro&name=Only")
	if got := w.get("/v1/coupons/ONLY", "expand[]=applies_to"); got.str("applies_to.products.0") != "pro" {
		w.t.Errorf("coupon %v", got)
	}
	w.post("/v1/coupons/ONLY", "name=Other&metadata[a]=b")
	w.get("/v1/coupons", "")
	promo := w.post("/v1/promotion_codes", "coupon=ONLY").str("id")
	w.post("/v1/promotion_codes/"+promo, "metadata[a]=b")
	w.get("/v1/promotion_codes/"+promo, "")
	w.get("/v1/promotion_codes", "coupon=ONLY&active=true")
	w.del("/v1/coupons/ONLY")
}

func (w *world) useSubscriptions() {
	cus := w.customer("pm_card_visa")
	w.post("/v1/coupons", "id=SUB&percent_off=20&duration=repeating&duration_in_months=3")
	sub := w.subscribe(cus, "coupon=SUB&metadata[a]=b&description=d&items[0][price]="+w.price("1000", "")+"&add_invoice_items[0][price]="+w.price("300", "one_time")+"&expand[]=latest_invoice")
	id := sub.str("id")
	if got := sub.num("latest_invoice.total"); got != 1040 { // (1000+300)*0.8
		w.t.Errorf("first invoice %d", got)
	}
	w.del("/v1/subscriptions/" + id + "/discount")
	w.post("/v1/subscriptions/"+id, "pause_collection[behavior]=void&cancel_at_period_end=true")
	w.post("/v1/subscriptions/"+id, "pause_collection=&cancel_at_period_end=false")
	w.get("/v1/subscriptions/"+id, "expand[]=customer")
	w.get("/v1/subscriptions", "status=active&price="+sub.str("items.data.0.price.id"))
	item := w.post("/v1/subscription_items", "subscription="+id+"&price="+w.price("700", "")).str("id")
	w.post("/v1/subscription_items/"+item, "quantity=3&metadata[a]=b")
	w.get("/v1/subscription_items/"+item, "")
	w.get("/v1/subscription_items", "subscription="+id)
	w.del("/v1/subscription_items/" + item)
	metered := w.post("/v1/prices", "currency=usd&unit_amount=2&recurring[interval]=month&recurring[usage_type]=metered&product_data[name]=M").str("id")
	item = w.post("/v1/subscription_items", "subscription="+id+"&price="+metered).str("id")
	w.post("/v1/subscription_items/"+item+"/usage_records", "quantity=7&timestamp=now")
	if got := w.get("/v1/subscription_items/"+item+"/usage_record_summaries", ""); got.num("data.0.total_usage") != 7 {
		w.t.Errorf("usage %v", got)
	}
	w.del("/v1/subscriptions/" + id)
	trial := w.subscribe(w.customer(""), "trial_period_days=1&trial_settings[end_behavior][missing_payment_method]=pause&items[0][price]="+w.price("100", "")).str("id")
	w.to(w.sim.Now().Add(25 * time.Hour))
	w.swapCard(w.get("/v1/subscriptions/"+trial, "").str("customer"), "pm_card_visa")
	w.post("/v1/subscriptions/"+trial+"/resume", "billing_cycle_anchor=now")
	sched := w.post("/v1/subscription_schedules", "from_subscription="+trial)
	w.get("/v1/subscription_schedules/"+sched.str("id"), "expand[]=subscription")
	w.get("/v1/subscription_schedules", "customer="+sched.str("customer"))
	w.post("/v1/subscription_schedules/"+sched.str("id"), "metadata[a]=b")
	w.post("/v1/subscription_schedules/"+sched.str("id")+"/release", "")
	sched = w.post("/v1/subscription_schedules", "from_subscription="+trial)
	w.post("/v1/subscription_schedules/"+sched.str("id")+"/cancel", "")
}

func (w *world) useInvoices() {
	cus := w.customer("pm_card_visa")
	item := w.post("/v1/invoiceitems", "unit_amount_decimal=12.5&quantity=100&currency=usd&customer="+cus+"&period[start]=1&period[end]=2").str("id")
	w.post("/v1/invoiceitems/"+item, "quantity=80&description=x")
	w.get("/v1/invoiceitems/"+item, "")
	w.get("/v1/invoiceitems", "pending=true&customer="+cus)
	w.del("/v1/invoiceitems/" + w.post("/v1/invoiceitems", "amount=5&currency=usd&customer="+cus).str("id"))
	draft := func() string {
		w.post("/v1/invoiceitems", "amount=500&currency=usd&customer="+cus)
		return w.post("/v1/invoices", "pending_invoice_items_behavior=include&customer="+cus).str("id")
	}
	inv := draft()
	w.post("/v1/invoices/"+inv, "description=x&metadata[a]=b&footer=f")
	w.post("/v1/invoices/"+inv+"/finalize", "")
	if got := w.post("/v1/invoices/"+inv+"/pay", "expand[]=charge"); got.num("amount_paid") != 1500 || got.str("charge.status") != "succeeded" { // 80x12.5+500
		w.t.Errorf("paid %v", got)
	}
	w.get("/v1/invoices/"+inv+"/lines", "")
	w.del("/v1/invoices/" + draft())
	open := draft()
	w.post("/v1/invoices/"+open+"/finalize", "")
	w.post("/v1/invoices/"+open+"/mark_uncollectible", "")
	w.post("/v1/invoices/"+open+"/void", "")
	w.post("/v1/invoiceitems", "amount=900&currency=usd&customer="+cus)
	sent := w.post("/v1/invoices", "collection_method=send_invoice&days_until_due=3&pending_invoice_items_behavior=include&customer="+cus).str("id")
	w.post("/v1/invoices/"+sent+"/send", "")
	w.get("/v1/credit_notes/preview", "amount=100&invoice="+sent)
	cn := w.post("/v1/credit_notes", "amount=100&invoice="+sent+"&reason=duplicate").str("id")
	w.post("/v1/credit_notes/"+cn, "memo=m")
	w.get("/v1/credit_notes/"+cn, "expand[]=invoice")
	w.get("/v1/credit_notes", "invoice="+sent)
	w.get("/v1/credit_notes/"+cn+"/lines", "")
	w.post("/v1/credit_notes/"+cn+"/void", "")
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.get("/v1/invoices/upcoming", "customer="+cus+"&invoice_items[0][amount]=100&invoice_items[0][currency]=usd")
	w.get("/v1/invoices/upcoming/lines", "customer="+cus)
	w.get("/v1/invoices", "status=paid&customer="+cus)
	w.get("/v1/invoices/"+inv, "expand[]=discounts&expand[]=customer")
}

func (w *world) useTheRest() {
	cus := w.customer("")
	w.post("/v1/coupons", "id=CS&percent_off=25")
	cs := w.checkout("mode=subscription&discounts[0][coupon]=CS&customer=" + cus + "&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")).str("id")
	if got := w.get("/v1/checkout/sessions/"+cs, "expand[]=line_items&expand[]=total_details.breakdown"); got.num("total_details.breakdown.discounts.0.amount") != 250 || got.num("line_items.data.0.amount_total") != 750 {
		w.t.Errorf("session %v", got)
	}
	w.get("/v1/checkout/sessions/"+cs+"/line_items", "")
	w.get("/v1/checkout/sessions", "customer="+cus)
	w.post("/v1/checkout/sessions/"+cs+"/expire", "")
	w.get("/v1/events/"+w.sim.Events()[0].ID, "")
	w.get("/v1/events", "type=invoice.*&delivery_success=true")
	we := w.post("/v1/webhook_endpoints", "url=https://x.test/hook&enabled_events[]=invoice.paid&api_version=2023-10-16").str("id")
	w.post("/v1/webhook_endpoints/"+we, "disabled=true")
	if got := w.get("/v1/webhook_endpoints/"+we, ""); got.str("status") != "disabled" || got.get("secret") != nil {
		w.t.Errorf("endpoint %v", got)
	}
	w.get("/v1/webhook_endpoints", "")
	w.del("/v1/webhook_endpoints/" + we)
	clock := w.post("/v1/test_helpers/test_clocks", fmt.Sprint("name=c&frozen_time=", start.Unix())).str("id")
	w.get("/v1/test_helpers/test_clocks/"+clock, "")
	w.get("/v1/test_helpers/test_clocks", "")
	w.advance(clock, start.AddDate(1, 0, 0).Unix())
	w.del("/v1/test_helpers/test_clocks/" + clock)
	features := "business_profile[headline]=Hi&features[subscription_cancel][enabled]=true&features[subscription_update][enabled]=false"
	if status, e := w.refused("POST", "/v1/billing_portal/configurations", features); status != 400 || e.str("param") != "features[subscription_update][default_allowed_updates]" {
		w.t.Errorf("incomplete feature: %d %v", status, e)
	}
	conf := w.post("/v1/billing_portal/configurations", features+"&features[subscription_update][default_allowed_updates]=&features[subscription_update][products]=").str("id")
	w.post("/v1/billing_portal/configurations/"+conf, "default_return_url=https://x.test")
	w.get("/v1/billing_portal/configurations/"+conf, "")
	w.get("/v1/billing_portal/configurations", "is_default=false")
	w.post("/v1/billing_portal/sessions", "customer="+cus+"&configuration="+conf)
	if w.get("/v1/balance", "").get("livemode") != false {
		w.t.Error("livemode")
	}
	w.get("/v1/account", "")
}
