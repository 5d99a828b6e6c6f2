package stripesim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Stripe charges at most eight digits. Whatever comes to more is refused, and
// leaves nothing behind.
func TestAmountsBeyondTheLargestAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	most, once := w.price("99999999", ""), w.price("99999999", "one_time")
	small := w.price("1", "")
	product := w.get("/v1/prices/"+once, "").str("product")
	draft := w.post("/v1/invoices", "customer="+cus).str("id")
	w.post("/v1/invoiceitems", "customer="+cus+"&invoice="+draft+"&amount=99999999&currency=usd")
	w.post("/v1/invoiceitems", "customer="+cus+"&invoice="+draft+"&amount=1&currency=usd")
	sub := w.subscribe(cus, "items[0][price]="+small)
	si := sub.str("items.data.0.id")
	words := strings.NewReplacer("{cus}", cus, "{most}", most, "{once}", once, "{small}", small, "{product}", product, "{draft}", draft, "{sub}", sub.str("id"), "{si}", si)
	for _, c := range []struct{ what, path, form, code, param string }{
		{"a payment", "/v1/payment_intents", "amount=100000000&currency=usd", "amount_too_large", "amount"},
		{"a payment beyond any number", "/v1/payment_intents", "amount=9223372036854775807&currency=usd", "amount_too_large", "amount"},
		{"a price", "/v1/prices", "currency=usd&unit_amount=100000000&product={product}", "amount_too_large", "unit_amount"},
		{"a price with a fraction", "/v1/prices", "currency=usd&unit_amount_decimal=99999999.5&product={product}", "amount_too_large", "unit_amount_decimal"},
		{"a tier", "/v1/prices", "currency=usd&billing_scheme=tiered&tiers_mode=graduated&product={product}&recurring[interval]=month&tiers[0][up_to]=inf&tiers[0][unit_amount]=100000000", "amount_too_large", "tiers[0][unit_amount]"},
		{"an item", "/v1/invoiceitems", "customer={cus}&currency=usd&amount=100000000", "amount_too_large", "amount"},
		{"a credit", "/v1/invoiceitems", "customer={cus}&currency=usd&amount=-100000000", "amount_too_large", "amount"},
		{"units of an item", "/v1/invoiceitems", "customer={cus}&currency=usd&unit_amount=1000&quantity=9223372036854775807", "amount_too_large", "unit_amount"},
		{"two of a price", "/v1/invoiceitems", "customer={cus}&price={once}&quantity=2", "amount_too_large", "quantity"},
		{"a subscription", "/v1/subscriptions", "customer={cus}&items[0][price]={most}&items[0][quantity]=2", "", "items"},
		{"units beyond any number", "/v1/subscriptions", "customer={cus}&items[0][price]={most}&items[0][quantity]=9223372036854775807", "", "items"},
		{"two items", "/v1/subscriptions", "customer={cus}&items[0][price]={most}&items[1][price]={small}", "amount_too_large", ""},
		{"a price and a fee", "/v1/subscriptions", "customer={cus}&items[0][price]={most}&add_invoice_items[0][price]={once}", "amount_too_large", ""},
		{"another quantity", "/v1/subscriptions/{sub}", "items[0][id]={si}&items[0][quantity]=100000000", "", "items"},
		{"another price at once", "/v1/subscriptions/{sub}", "items[0][id]={si}&items[0][price]={most}&proration_behavior=always_invoice&add_invoice_items[0][price]={once}", "amount_too_large", ""},
		{"finalize", "/v1/invoices/{draft}/finalize", "", "amount_too_large", ""},
		{"pay", "/v1/invoices/{draft}/pay", "", "amount_too_large", ""},
		{"a page", "/v1/checkout/sessions", "mode=payment&success_url=http://x.io&line_items[0][price]={once}&line_items[0][quantity]=2", "amount_too_large", "line_items"},
		{"a page for a subscription", "/v1/checkout/sessions", "mode=subscription&success_url=http://x.io&line_items[0][price]={most}&line_items[0][quantity]=1&line_items[1][price]={once}&line_items[1][quantity]=1", "amount_too_large", "line_items"},
		{"a coupon", "/v1/coupons", "amount_off=100000000&currency=usd", "amount_too_large", "amount_off"},
	} {
		t.Run(c.what, func(t *testing.T) {
			in := *w
			in.t = t
			events := len(w.sim.Events())
			status, e := in.refused("POST", words.Replace(c.path), words.Replace(c.form))
			if status != 400 || e.str("code") != c.code || e.str("param") != c.param || !strings.Contains(e.str("message"), "$999,999.99") {
				t.Errorf("%d %v", status, e)
			}
			if n := len(w.sim.Events()); n != events {
				t.Errorf("a refused request left %d events", n-events)
			}
		})
	}
	if got := w.get("/v1/invoices/"+draft, ""); got.str("status") != "draft" {
		t.Errorf("the draft is %s", got.str("status"))
	}
}

// The largest amounts themselves are charged.
func TestTheLargestAmountIsCharged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("99999999", ""))
	w.post("/v1/coupons", "amount_off=99999999&currency=usd")
	w.to(start.AddDate(0, 1, 0).Add(hours(2)))
	for _, in := range w.invoices(cus) {
		if in.num("amount_paid") != 99_999_999 {
			t.Errorf("paid %d", in.num("amount_paid"))
		}
	}
}

// A renewal that comes to more stays a draft: it can't be finalized, and an
// event says so. Divided, it is finalized and paid; the subscription renews on.
func TestARenewalBeyondTheLargestIsNotFinalized(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("60000000", ""))
	item := w.post("/v1/invoiceitems", "customer="+cus+"&subscription="+sub.str("id")+"&amount=60000000&currency=usd").str("id")
	w.to(start.AddDate(0, 1, 0).Add(hours(2)))
	in := w.invoices(cus)[1]
	if in.str("status") != "draft" || in.str("last_finalization_error.code") != "amount_too_large" || in.get("next_payment_attempt") != nil {
		t.Errorf("the renewal is %s: %v", in.str("status"), in.get("last_finalization_error"))
	}
	failed := 0
	for _, e := range w.sim.Events() {
		if e.Type == "invoice.finalization_failed" {
			failed++
		}
	}
	if failed != 1 || w.get("/v1/subscriptions/"+sub.str("id"), "").str("status") != "active" {
		t.Errorf("%d events tell of it", failed)
	}
	w.post("/v1/invoiceitems/"+item, "amount=100")
	paid := w.post("/v1/invoices/"+in.str("id")+"/pay", "")
	if paid.str("status") != "paid" || paid.num("total") != 60_000_100 || paid.get("last_finalization_error") != nil {
		t.Errorf("divided, it is %v", paid)
	}
	w.to(start.AddDate(0, 2, 0).Add(hours(2)))
	if last := w.invoices(cus)[2]; last.str("status") != "paid" || last.num("total") != 60_000_000 {
		t.Errorf("the next renewal is %s of %d", last.str("status"), last.num("total"))
	}
}

// An invoice takes 250 items; the rest waits for the next one.
func TestAnInvoiceTakesSoManyItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	draft := w.post("/v1/invoices", "customer="+cus).str("id")
	for n := range 251 {
		form := fmt.Sprintf("customer=%s&invoice=%s&amount=1&currency=usd", cus, draft)
		if n < 250 {
			w.post("/v1/invoiceitems", form)
		} else if status, e := w.refused("POST", "/v1/invoiceitems", form); status != 400 || e.str("param") != "invoice" {
			t.Errorf("%d %v", status, e)
		}
		w.post("/v1/invoiceitems", "customer="+cus+"&subscription="+sub+"&amount=10&currency=usd")
	}
	w.to(start.AddDate(0, 1, 0).Add(hours(2)))
	w.to(start.AddDate(0, 2, 0).Add(hours(2)))
	var totals []int64
	for _, in := range w.invoices(cus) {
		if in.str("subscription") == sub {
			totals = append(totals, in.num("total"))
		}
	}
	if fmt.Sprint(totals) != "[1000 3500 1010]" {
		t.Errorf("billed %v", totals)
	}
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func TestTheLargestAmountIsWrittenInItsCurrency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	for currency, want := range map[string]string{"usd": "$999,999.99", "jpy": "¥99,999,999"} {
		status, e := w.refused("POST", "/v1/prices", "unit_amount=100000000&product_data[name]=X&currency="+currency)
		if message := e.str("message"); status != 400 || !strings.HasSuffix(message, "no more than "+want) {
			t.Errorf("%s: %d %q", currency, status, message)
		}
	}
}
