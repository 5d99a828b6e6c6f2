package stripesim_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76"
)

const shop = "success_url=" + "https%3A%2F%2Fshop.test%2Fok%3Fs%3D%7BCHECKOUT_SESSION_ID%7D"

func (w *world) checkout(form string) raw {
	w.t.Helper()
	return w.post("/v1/checkout/sessions", shop+"&"+form)
}

// complete presses the button by machine.
func (w *world) complete(id, body string) raw {
	w.t.Helper()
	status, out := w.machine("/pay/"+id+"/complete", body)
	if status != http.StatusOK {
		w.t.Fatalf("complete %s: %d %v", body, status, out)
	}
	return out
}

func (w *world) eventTypes() []string {
	var out []string
	for _, e := range w.sim.Events() {
		out = append(out, e.Type)
	}
	return out
}

func TestCheckoutSubscription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	cs, err := w.api.CheckoutSessions.New(&stripe.CheckoutSessionParams{
		Customer: stripe.String(cus), Mode: stripe.String("subscription"), SuccessURL: stripe.String("https://shop.test/ok"),
		LineItems:        []*stripe.CheckoutSessionLineItemParams{{Price: stripe.String(w.price("2000", "")), Quantity: stripe.Int64(1)}},
		SubscriptionData: &stripe.CheckoutSessionSubscriptionDataParams{Metadata: map[string]string{"cmd": "7"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if cs.URL != "http://sim.test/pay/"+cs.ID || cs.PaymentStatus != "unpaid" || cs.AmountTotal != 2000 {
		t.Errorf("session %+v", cs)
	}
	before := len(w.sim.Events())
	for _, card := range []string{"pm_card_visa_chargeDeclined", "pm_card_chargeCustomerFail"} {
		status, body := w.machine("/pay/"+cs.ID+"/complete", `{"payment_method":"`+card+`"}`)
		if status != 402 || body.str("error.type") != "card_error" || body.str("error.decline_code") != "generic_decline" {
			t.Errorf("%s: %d %v", card, status, body)
		}
	}
	if got := w.get("/v1/checkout/sessions/"+cs.ID, "").str("status"); got != "open" || len(w.sim.Events()) != before {
		t.Errorf("declines left the session %s and %d events", got, len(w.sim.Events())-before)
	}
	done := w.complete(cs.ID, `{"payment_method":"pm_card_visa"}`)
	sub := w.get("/v1/subscriptions/"+done.str("subscription"), "expand[]=default_payment_method&expand[]=latest_invoice.payment_intent")
	if sub.str("status") != "active" || sub.str("metadata.cmd") != "7" || sub.str("default_payment_method.customer") != cus || sub.str("latest_invoice.payment_intent.status") != "succeeded" {
		t.Errorf("subscription %v", sub)
	}
	if got := w.get("/v1/customers/"+cus, "").get("invoice_settings.default_payment_method"); got != nil {
		t.Errorf("the card became the customer's default: %v", got)
	}
	want := "payment_method.attached customer.subscription.created invoice.created invoice.finalized payment_intent.created charge.succeeded payment_intent.succeeded invoice.updated invoice.paid invoice.payment_succeeded customer.subscription.updated checkout.session.completed"
	if got := strings.Join(w.eventTypes()[before:], " "); got != want {
		t.Errorf("events\n%s\nwant\n%s", got, want)
	}
	if status, _ := w.machine("/pay/"+cs.ID+"/complete", `{"payment_method":"pm_card_visa"}`); status != 400 {
		t.Errorf("completing twice: %d", status)
	}
}

func TestCheckoutTrialAndCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	w.post("/v1/coupons", "id=HALF&percent_off=50&duration=once")
	w.post("/v1/promotion_codes", "coupon=HALF&code=FALL25&max_redemptions=1")
	cs := w.checkout("mode=subscription&allow_promotion_codes=true&subscription_data[trial_period_days]=7&line_items[0][quantity]=1&line_items[0][price]=" + w.price("2000", ""))
	if cs.num("amount_total") != 0 {
		t.Errorf("due today in a trial: %d", cs.num("amount_total"))
	}
	done := w.complete(cs.str("id"), `{"payment_method":"pm_card_visa","promotion_code":"fall25","email":"eve@example.com"}`)
	if done.str("payment_status") != "no_payment_required" || done.str("customer_details.email") != "eve@example.com" {
		t.Errorf("session %v", done)
	}
	if got := w.get("/v1/promotion_codes", "code=FALL25").list("data")[0]; got.get("active") != false {
		t.Errorf("the code is used up but %v", got.get("active"))
	}
	w.to(start.AddDate(0, 0, 7).Add(time.Hour))
	if got := fmt.Sprint(totals(w.invoices(done.str("customer")))); got != "[0 1000]" {
		t.Errorf("invoices %s: the discount waits for the first charge", got)
	}
}

func TestCheckoutQuantities(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	pack := w.price("900", "metadata[feature_id]=messages&metadata[billing_units]=250&recurring[interval]=month")
	seat := w.price("1200", "metadata[feature_id]=seats")
	cs := w.checkout("mode=subscription&line_items[0][price]=" + pack + "&line_items[0][quantity]=1&line_items[0][adjustable_quantity][enabled]=true&line_items[0][adjustable_quantity][maximum]=10&line_items[1][price]=" + seat + "&line_items[1][quantity]=1&line_items[1][adjustable_quantity][enabled]=true").str("id")
	if status, _ := w.machine("/pay/"+cs+"/complete", `{"payment_method":"pm_card_visa","quantities":{"messages":2501}}`); status != 400 {
		t.Errorf("eleven packs of at most ten: %d", status)
	}
	done := w.complete(cs, `{"payment_method":"pm_card_visa","quantities":{"messages":501,"`+seat+`":2}}`)
	if got := done.num("amount_total"); got != 3*900+2*1200 { // 501 messages are three packs of 250
		t.Errorf("total %d", got)
	}
	items := w.get("/v1/subscriptions/"+done.str("subscription"), "").list("items.data")
	if items[0].num("quantity") != 3 || items[1].num("quantity") != 2 {
		t.Errorf("items %v", items)
	}
}

func TestCheckoutPaymentWithInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	w.post("/v1/customers/"+cus+"/balance_transactions", "amount=-5000&currency=usd")
	cs := w.checkout("mode=payment&customer=" + cus + "&invoice_creation[enabled]=true&invoice_creation[invoice_data][metadata][k]=v&line_items[0][quantity]=2&line_items[0][price]=" + w.price("900", "one_time"))
	done := w.complete(cs.str("id"), `{"payment_method":"pm_card_visa"}`)
	inv := w.get("/v1/invoices/"+done.str("invoice"), "")
	if inv.str("status") != "paid" || inv.num("amount_paid") != 1800 || inv.str("metadata.k") != "v" || inv.str("payment_intent") != done.str("payment_intent") {
		t.Errorf("invoice %v", inv)
	}
	if got := w.get("/v1/customers/"+cus, "").num("balance"); got != -5000 {
		t.Errorf("the balance was used: %d", got)
	}
}

func TestCheckoutSetupAndExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	cs := w.checkout("mode=setup&currency=usd&customer=" + cus + "&setup_intent_data[metadata][k]=v")
	done := w.complete(cs.str("id"), `{"payment_method":"pm_card_visa"}`)
	si := w.get("/v1/setup_intents/"+done.str("setup_intent"), "expand[]=payment_method")
	if si.str("status") != "succeeded" || si.str("metadata.k") != "v" || si.str("payment_method.customer") != cus {
		t.Errorf("setup intent %v", si)
	}
	late := w.checkout("mode=setup&currency=usd&customer=" + cus).str("id")
	w.to(start.Add(24 * time.Hour))
	if got := w.get("/v1/checkout/sessions/"+late, ""); got.str("status") != "expired" || got.get("url") != nil {
		t.Errorf("after 24 hours: %v", got)
	}
	now := w.checkout("mode=setup&currency=usd&customer=" + cus).str("id")
	if status, body := w.machine("/pay/"+now+"/expire", ""); status != 200 || body.str("status") != "expired" {
		t.Errorf("expire: %d %v", status, body)
	}
	if status, _ := w.machine("/pay/"+now+"/complete", `{"payment_method":"pm_card_visa"}`); status != 400 {
		t.Errorf("an expired session was completed: %d", status)
	}
}

// person is a browser without scripts.
func (w *world) person(method, path string, form url.Values) (int, string, string) {
	w.t.Helper()
	req, err := http.NewRequest(method, "http://sim.test"+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := w.sim.Transport().RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), resp.Header.Get("Location")
}

func TestCheckoutPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	w.post("/v1/coupons", "id=TEN&percent_off=10&name=Ten+off")
	w.post("/v1/promotion_codes", "coupon=TEN&code=TEN")
	price := w.post("/v1/prices", "currency=usd&unit_amount=2000&recurring[interval]=month&product_data[name]=<script>Pro").str("id")
	cs := w.checkout("mode=subscription&allow_promotion_codes=true&line_items[0][quantity]=1&line_items[0][adjustable_quantity][enabled]=true&line_items[0][price]=" + price)
	path := "/pay/" + cs.str("id")
	status, page, _ := w.person("GET", path, nil)
	for _, want := range []string{"$20.00", "&lt;script&gt;Pro", "per month", "Promotion code", "pm_card_chargeCustomerFail", `type="number"`} {
		if status != 200 || !strings.Contains(page, want) {
			t.Errorf("the page (%d) lacks %q", status, want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "http://") && strings.Contains(page, "src=") {
		t.Error("the page is not escaped, or loads something")
	}
	line := w.get("/v1/checkout/sessions/"+cs.str("id")+"/line_items", "").str("data.0.id")
	form := url.Values{"payment_method": {"pm_card_visa_chargeDeclined"}, "promotion_code": {"ten"}, "quantity:" + line: {"2"}, "email": {"eve@example.com"}, "action": {"preview"}}
	if _, page, _ = w.person("POST", path, form); !strings.Contains(page, "$36.00") { // 2 x 2000 less 10 %
		t.Error("the preview does not show the discounted total")
	}
	form.Set("action", "complete")
	if status, page, _ = w.person("POST", path, form); status != 402 || !strings.Contains(page, "Your card was declined.") {
		t.Errorf("a decline shows %d", status)
	}
	for _, kept := range []string{`value="eve@example.com"`, `value="ten"`, `value="2" min`, `value="pm_card_visa_chargeDeclined" checked`} {
		if !strings.Contains(page, kept) {
			t.Errorf("the decline forgot %s", kept)
		}
	}
	form.Set("payment_method", "pm_card_visa")
	status, _, to := w.person("POST", path, form)
	if status != 303 || to != "https://shop.test/ok?s="+cs.str("id") {
		t.Errorf("success: %d to %q", status, to)
	}
	if got := w.get("/v1/checkout/sessions/"+cs.str("id"), ""); got.num("amount_total") != 3600 || got.str("status") != "complete" {
		t.Errorf("session %v", got)
	}
	if _, page, _ = w.person("GET", path, nil); !strings.Contains(page, "All done") {
		t.Error("a completed session can still be paid")
	}
	if status, _, _ = w.person("GET", "/pay/cs_test_nothing", nil); status != 404 {
		t.Errorf("no session: %d", status)
	}
}
