package stripesim_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestRefusals: what Stripe refuses is refused here, with its status, code and
// parameter. {cus}, {price} and so on stand for objects that exist.
func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus, poor := w.customer("pm_card_visa"), w.customer("")
	price, once := w.price("1000", ""), w.price("500", "one_time")
	year := w.price("9000", "recurring[interval]=year")
	euro := w.post("/v1/prices", "currency=eur&unit_amount=900&recurring[interval]=month&product_data[name]=E").str("id")
	metered := w.post("/v1/prices", "currency=usd&unit_amount=1&recurring[interval]=month&recurring[usage_type]=metered&product_data[name]=M").str("id")
	old := w.price("700", "")
	w.post("/v1/prices/"+old, "active=false")
	sub := w.subscribe(cus, "items[0][price]="+price)
	gone := w.subscribe(cus, "items[0][price]="+price).str("id")
	w.ok("DELETE", "/v1/subscriptions/"+gone, "")
	w.post("/v1/coupons", "id=TEN&percent_off=10&max_redemptions=5")
	w.post("/v1/coupons", "id=EUR&amount_off=100&currency=eur")
	promo := w.post("/v1/promotion_codes", "coupon=TEN&code=fall").str("id")
	least := w.post("/v1/promotion_codes", "coupon=TEN&code=LEAST&restrictions[minimum_amount]=5000&restrictions[minimum_amount_currency]=usd").str("id")
	first := w.post("/v1/promotion_codes", "coupon=TEN&code=FIRST&restrictions[first_time_transaction]=true").str("id")
	mine := w.post("/v1/promotion_codes", "coupon=TEN&code=MINE&customer="+cus).str("id")
	other := w.post("/v1/payment_methods", "type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2034").str("id")
	words := strings.NewReplacer("{cus}", cus, "{poor}", poor, "{price}", price, "{once}", once, "{year}", year, "{euro}", euro, "{metered}", metered, "{old}", old,
		"{sub}", sub.str("id"), "{si}", sub.str("items.data.0.id"), "{inv}", sub.str("latest_invoice"), "{gone}", gone, "{promo}", promo, "{least}", least, "{first}", first, "{mine}", mine, "{pm}", other,
		"{past}", fmt.Sprint(start.Unix()-1), "{end}", fmt.Sprint(sub.num("current_period_end")+1))
	for _, c := range refusals {
		t.Run(c.what, func(t *testing.T) {
			in := *w
			in.t = t
			events := len(w.sim.Events())
			status, e := in.refused(c.method, words.Replace(c.path), words.Replace(c.form))
			t.Logf("%d %s %s: %s", status, e.str("code"), e.str("param"), e.str("message"))
			if status != c.status || e.str("code") != c.code || c.param != "" && e.str("param") != c.param {
				t.Errorf("got %d code %q param %q, want %d %q %q", status, e.str("code"), e.str("param"), c.status, c.code, c.param)
			}
			if n := len(w.sim.Events()); n != events {
				t.Errorf("a refused request left %d events", n-events)
			}
		})
	}
}

type refusal struct {
	what, method, path, form string
	status                   int
	code, param              string
}

var refusals = []refusal{
	{"unknown parameter", "POST", "/v1/customers", "colour=red", 400, "parameter_unknown", "colour"},
	{"unknown nested parameter", "POST", "/v1/subscriptions", "customer={cus}&items[0][prize]=x", 400, "parameter_unknown", "items[0][prize]"},
	{"a country that is none", "POST", "/v1/customers", "address[country]=XX", 400, "", "address[country]"},
	{"a name instead of a country", "POST", "/v1/customers/{cus}", "address[country]=Germany", 400, "", "address[country]"},
	{"a card of no country", "POST", "/v1/payment_methods", "type=card&card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=2034&billing_details[address][country]=UK", 400, "", "billing_details[address][country]"},
	{"a parameter that is not simulated", "POST", "/v1/customers", "source=tok_visa", 400, "parameter_unknown", "source"},
	{"missing parameter", "POST", "/v1/subscriptions", "items[0][price]={price}", 400, "parameter_missing", "customer"},
	{"not an integer", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&items[0][quantity]=two", 400, "parameter_invalid_integer", "items[0][quantity]"},
	{"not a choice", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&proration_behavior=bogus", 400, "", "proration_behavior"},
	{"an empty required parameter", "POST", "/v1/subscriptions", "customer=&items[0][price]={price}", 400, "parameter_invalid_empty", "customer"},
	{"unknown address", "GET", "/v1/unicorns", "", 404, "", ""},
	{"unknown customer in the path", "GET", "/v1/customers/cus_x", "", 404, "resource_missing", "id"},
	{"unknown customer in a parameter", "POST", "/v1/subscriptions", "customer=cus_x&items[0][price]={price}", 400, "resource_missing", "customer"},
	{"unknown price", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]=price_x", 400, "resource_missing", "items[0][price]"},
	{"inactive price", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={old}", 400, "resource_missing", "items[0][price]"},
	{"one-time price in a subscription", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={once}", 400, "", "items[0][price]"},
	{"two intervals", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&items[1][price]={year}", 400, "", "items"},
	{"the same price twice", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&items[1][price]={price}", 400, "", "items"},
	{"another currency", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={euro}", 400, "", "items"},
	{"no card", "POST", "/v1/subscriptions", "customer={poor}&items[0][price]={price}", 400, "resource_missing", ""},
	{"a token instead of an attached card", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&default_payment_method=pm_card_visa", 400, "resource_missing", "default_payment_method"},
	{"a card that is not attached", "POST", "/v1/customers/{cus}", "invoice_settings[default_payment_method]={pm}", 400, "resource_missing", "invoice_settings[default_payment_method]"},
	{"a card that declines is not saved", "POST", "/v1/payment_methods/pm_card_visa_chargeDeclined/attach", "customer={cus}", 402, "card_declined", ""},
	{"an expired card is not saved", "POST", "/v1/payment_methods/pm_card_chargeDeclinedExpiredCard/attach", "customer={cus}", 402, "expired_card", ""},
	{"quantity of a metered price", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={metered}&items[0][quantity]=2", 400, "", "items[0][quantity]"},
	{"trial end in the past", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&trial_end={past}", 400, "invalid_timestamp", "trial_end"},
	{"days_until_due without send_invoice", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&days_until_due=5", 400, "", "days_until_due"},
	{"send_invoice without days_until_due", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&collection_method=send_invoice", 400, "parameter_missing", "days_until_due"},
	{"pending_if_incomplete at the start", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&payment_behavior=pending_if_incomplete", 400, "", "payment_behavior"},
	{"proration date outside the period", "POST", "/v1/subscriptions/{sub}", "items[0][id]={si}&items[0][quantity]=2&proration_date={end}", 400, "", "proration_date"},
	{"the last item deleted", "POST", "/v1/subscriptions/{sub}", "items[0][id]={si}&items[0][deleted]=true", 400, "", "items"},
	{"an item of somebody else", "POST", "/v1/subscriptions/{sub}", "items[0][id]=si_x&items[0][quantity]=2", 400, "resource_missing", "items[0][id]"},
	{"a canceled subscription updated", "POST", "/v1/subscriptions/{gone}", "description=b", 400, "", "description"},
	{"a canceled subscription canceled", "DELETE", "/v1/subscriptions/{gone}", "", 404, "resource_missing", "id"},
	{"a paid invoice paid", "POST", "/v1/invoices/{inv}/pay", "", 400, "invoice_already_paid", ""},
	{"a paid invoice voided", "POST", "/v1/invoices/{inv}/void", "", 400, "invoice_not_editable", ""},
	{"a paid invoice finalized", "POST", "/v1/invoices/{inv}/finalize", "", 400, "invoice_not_editable", ""},
	{"a paid invoice deleted", "DELETE", "/v1/invoices/{inv}", "", 400, "invoice_not_editable", ""},
	{"an item onto a paid invoice", "POST", "/v1/invoiceitems", "customer={cus}&amount=100&currency=usd&invoice={inv}", 400, "invoice_not_editable", "invoice"},
	{"250 percent off", "POST", "/v1/coupons", "percent_off=250", 400, "", "percent_off"},
	{"percent and amount", "POST", "/v1/coupons", "percent_off=10&amount_off=10&currency=usd", 400, "", "percent_off"},
	{"repeating for no months", "POST", "/v1/coupons", "percent_off=10&duration=repeating", 400, "", "duration_in_months"},
	{"the same coupon", "POST", "/v1/coupons", "id=TEN&percent_off=10", 400, "resource_already_exists", "id"},
	{"the same code in capitals", "POST", "/v1/promotion_codes", "coupon=TEN&code=FALL", 400, "", "code"},
	{"everybody's code for one customer", "POST", "/v1/promotion_codes", "coupon=TEN&code=FALL&customer={cus}", 400, "", "code"},
	{"a code that outlasts its coupon", "POST", "/v1/promotion_codes", "coupon=TEN&max_redemptions=6", 400, "", "max_redemptions"},
	{"coupon and code", "POST", "/v1/subscriptions", "customer={poor}&items[0][price]={price}&coupon=TEN&promotion_code={promo}", 400, "", "coupon"},
	{"a coupon in another currency", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&coupon=EUR", 400, "", "coupon"},
	{"less than the minimum", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&promotion_code={least}", 400, "promotion_code_minimum_not_met", "promotion_code"},
	{"a minimum on a customer", "POST", "/v1/customers/{cus}", "promotion_code={least}", 400, "", "promotion_code"},
	{"not the first time", "POST", "/v1/subscriptions", "customer={cus}&items[0][price]={price}&promotion_code={first}", 400, "promotion_code_customer_not_first_time", "promotion_code"},
	{"somebody else's code", "POST", "/v1/subscriptions", "customer={poor}&items[0][price]={price}&promotion_code={mine}", 400, "promotion_code_customer_mismatch", "promotion_code"},
	{"checkout: codes and discounts, even false", "POST", "/v1/checkout/sessions", "mode=subscription&success_url=https://s.test&line_items[0][price]={price}&line_items[0][quantity]=1&allow_promotion_codes=false&discounts[0][coupon]=TEN", 400, "", "allow_promotion_codes"},
	{"checkout: recurring price in payment mode", "POST", "/v1/checkout/sessions", "mode=payment&success_url=https://s.test&line_items[0][price]={price}&line_items[0][quantity]=1", 400, "", "line_items[0][price]"},
	{"checkout: only one-time prices in subscription mode", "POST", "/v1/checkout/sessions", "mode=subscription&success_url=https://s.test&line_items[0][price]={once}&line_items[0][quantity]=1", 400, "", "mode"},
	{"checkout: no quantity", "POST", "/v1/checkout/sessions", "mode=payment&success_url=https://s.test&line_items[0][price]={once}", 400, "parameter_missing", "line_items[0][quantity]"},
	{"checkout: subscription_data in payment mode", "POST", "/v1/checkout/sessions", "mode=payment&success_url=https://s.test&line_items[0][price]={once}&line_items[0][quantity]=1&subscription_data[metadata][a]=b", 400, "", "subscription_data"},
	{"checkout: trial end tomorrow", "POST", "/v1/checkout/sessions", "mode=subscription&success_url=https://s.test&line_items[0][price]={price}&line_items[0][quantity]=1&subscription_data[trial_end]={past}", 400, "", "subscription_data[trial_end]"},
	{"checkout: no e-mail address", "POST", "/v1/checkout/sessions", "mode=subscription&success_url=https://s.test&line_items[0][price]={price}&line_items[0][quantity]=1&customer_email=notmail", 400, "email_invalid", "customer_email"},
	{"checkout: expires too soon", "POST", "/v1/checkout/sessions", "mode=subscription&success_url=https://s.test&line_items[0][price]={price}&line_items[0][quantity]=1&expires_at={past}", 400, "", "expires_at"},
	{"a page of 101", "GET", "/v1/customers", "limit=101", 400, "parameter_invalid_integer", "limit"},
	{"expand five levels", "GET", "/v1/subscriptions/{sub}", "expand[]=latest_invoice.charge.payment_intent.customer.default_source", 400, "", "expand"},
	{"expand what is not expandable", "GET", "/v1/subscriptions/{sub}", "expand[]=status", 400, "", "expand"},
	{"a payment below the minimum", "POST", "/v1/payment_intents", "amount=49&currency=usd", 400, "amount_too_small", "amount"},
	{"another currency in the balance", "POST", "/v1/customers/{cus}/balance_transactions", "amount=-5&currency=eur", 400, "", "currency"},
	{"a price twice, through items", "POST", "/v1/subscription_items", "subscription={sub}&price={price}", 400, "", "price"},
	{"metadata key too long", "POST", "/v1/customers", "metadata[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]=b", 400, "", "metadata"},
	{"an unknown schedule released", "POST", "/v1/subscription_schedules/sub_sched_x/release", "", 404, "resource_missing", "id"},
}
