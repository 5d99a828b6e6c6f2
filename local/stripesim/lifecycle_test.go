package stripesim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func (w *world) status(sub string) string {
	w.t.Helper()
	return w.get("/v1/subscriptions/"+sub, "").str("status")
}

func (w *world) swapCard(cus, card string) string {
	w.t.Helper()
	pm := w.post("/v1/payment_methods/"+card+"/attach", "customer="+cus).str("id")
	w.post("/v1/customers/"+cus, "invoice_settings[default_payment_method]="+pm)
	return pm
}

func TestRetriesAndTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	w.swapCard(cus, "pm_card_chargeCustomerFail")
	w.to(start.AddDate(0, 2, 0))
	var tries []string
	for _, e := range w.sim.Events() {
		if e.Type == "invoice.payment_failed" || e.Type == "customer.subscription.deleted" {
			tries = append(tries, e.Created.Format("01-02T15")+" "+e.Type[strings.LastIndex(e.Type, ".")+1:])
		}
	}
	// the renewal finalizes at 1 Feb 01:00; then 3, 5 and 7 days
	if got := strings.Join(tries, ", "); got != "02-01T01 payment_failed, 02-04T01 payment_failed, 02-09T01 payment_failed, 02-16T01 payment_failed, 02-16T01 deleted" {
		t.Errorf("tries %s", got)
	}
	got := w.get("/v1/subscriptions/"+sub, "")
	if got.str("status") != "canceled" || got.str("cancellation_details.reason") != "payment_failed" {
		t.Errorf("subscription %v", got)
	}
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"pay", "void", "mark_uncollectible", "retry"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
			w.swapCard(cus, "pm_card_chargeCustomerFail")
			w.to(start.AddDate(0, 1, 0).Add(time.Hour))
			if got := w.status(sub); got != "past_due" {
				t.Fatalf("status %s", got)
			}
			inv := w.invoices(cus)[1].str("id")
			if status, e := w.refused("POST", "/v1/invoices/"+inv+"/pay", ""); status != 402 || e.str("payment_intent.last_payment_error.decline_code") != "generic_decline" {
				t.Errorf("pay with the bad card: %d %v", status, e)
			}
			if got := w.invoices(cus)[1].num("attempt_count"); got != 2 {
				t.Errorf("attempts %d", got)
			}
			w.swapCard(cus, "pm_card_visa")
			if how == "retry" {
				w.to(start.AddDate(0, 1, 4))
			} else {
				w.post("/v1/invoices/"+inv+"/"+how, "")
			}
			if got := w.status(sub); got != "active" {
				t.Errorf("after %s: %s", how, got)
			}
		})
	}
}

func TestUpdateWhosePaymentFails(t *testing.T) {
	t.Parallel()
	for behavior, want := range map[string]string{
		"error_if_incomplete":   "402 active 1000 open=0",
		"allow_incomplete":      "200 past_due 4000 open=1",
		"default_incomplete":    "200 past_due 4000 open=1",
		"pending_if_incomplete": "200 active 1000 open=1",
	} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
			w.swapCard(cus, "pm_card_chargeCustomerFail")
			w.to(start.AddDate(0, 0, 10))
			status, _, _ := w.call("POST", "/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&payment_behavior="+behavior+"&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("4000", ""))
			now := w.get("/v1/subscriptions/"+sub.str("id"), "")
			open := len(w.get("/v1/invoices", "status=open&customer="+cus).list("data"))
			if got := fmt.Sprintf("%d %s %d open=%d", status, now.str("status"), now.num("items.data.0.price.unit_amount"), open); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if behavior != "pending_if_incomplete" {
				return
			}
			w.swapCard(cus, "pm_card_visa")
			w.post("/v1/invoices/"+now.str("latest_invoice")+"/pay", "")
			now = w.get("/v1/subscriptions/"+sub.str("id"), "")
			if now.num("items.data.0.price.unit_amount") != 4000 || now.get("pending_update") != nil {
				t.Errorf("the paid update was not applied: %v", now)
			}
		})
	}
}

func TestPendingUpdateExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.swapCard(cus, "pm_card_chargeCustomerFail")
	w.post("/v1/subscriptions/"+sub.str("id"), "proration_behavior=always_invoice&payment_behavior=pending_if_incomplete&items[0][id]="+sub.str("items.data.0.id")+"&items[0][price]="+w.price("4000", ""))
	w.to(start.Add(23 * time.Hour))
	if got := w.get("/v1/subscriptions/"+sub.str("id"), ""); got.get("pending_update") != nil || got.str("status") != "active" || w.invoices(cus)[1].str("status") != "void" {
		t.Errorf("after 23 hours: %v", got)
	}
}

func TestTrialWithoutCard(t *testing.T) {
	t.Parallel()
	for behavior, want := range map[string]string{"create_invoice": "past_due", "cancel": "canceled", "pause": "paused"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("")
			sub := w.subscribe(cus, "trial_period_days=7&trial_settings[end_behavior][missing_payment_method]="+behavior+"&items[0][price]="+w.price("1000", "")).str("id")
			w.to(start.AddDate(0, 0, 7).Add(time.Hour))
			if got := w.status(sub); got != want {
				t.Errorf("status %s, want %s", got, want)
			}
			if behavior == "pause" {
				w.swapCard(cus, "pm_card_visa")
				if got := w.post("/v1/subscriptions/"+sub+"/resume", "").str("status"); got != "active" {
					t.Errorf("resumed: %s", got)
				}
			}
		})
	}
}

func TestEndInsideAPeriod(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("3100", "")).str("id")
	w.post("/v1/subscriptions/"+sub, fmt.Sprint("cancel_at=", start.AddDate(0, 0, 21).Unix()))
	w.to(start.AddDate(0, 2, 0))
	if got := fmt.Sprint(w.status(sub), totals(w.invoices(cus))); got != "canceled[3100 -1000]" { // 3100*10/31
		t.Errorf("got %s", got)
	}
	if got := w.post("/v1/subscriptions/"+sub, "metadata[a]=b").str("metadata.a"); got != "b" {
		t.Errorf("metadata of a canceled subscription: %q", got)
	}
}

func TestPromotionCodeDeaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	end := fmt.Sprint(start.AddDate(0, 0, 3).Unix())
	w.post("/v1/coupons", "id=DATED&percent_off=10&redeem_by="+end)
	w.post("/v1/coupons", "id=COUNTED&percent_off=10&max_redemptions=1")
	w.post("/v1/coupons", "id=OPEN&percent_off=10")
	dated := w.post("/v1/promotion_codes", "coupon=DATED&code=A")
	if fmt.Sprint(dated.num("expires_at")) != end {
		t.Errorf("the code does not take over its coupon's end: %v", dated.get("expires_at"))
	}
	counted := w.post("/v1/promotion_codes", "coupon=COUNTED&code=B").str("id")
	once := w.post("/v1/promotion_codes", "coupon=OPEN&code=C&max_redemptions=1").str("id")
	asleep := w.post("/v1/promotion_codes", "coupon=OPEN&code=D").str("id")
	for _, code := range []string{counted, once} {
		w.subscribe(w.customer("pm_card_visa"), "promotion_code="+code+"&items[0][price]="+w.price("1000", ""))
	}
	w.to(start.AddDate(0, 0, 3))
	for what, id := range map[string]string{"redeem_by passed": dated.str("id"), "coupon used up": counted, "code used up": once} {
		if got := w.get("/v1/promotion_codes/"+id, ""); got.get("active") != false {
			t.Errorf("%s: still active", what)
		}
		if status, _ := w.refused("POST", "/v1/promotion_codes/"+id, "active=true"); status != 400 {
			t.Errorf("%s: came back", what)
		}
	}
	w.post("/v1/promotion_codes/"+asleep, "active=false")
	if got := w.post("/v1/promotion_codes/"+asleep, "active=true"); got.get("active") != true {
		t.Error("a code that was only switched off must come back")
	}
	w.ok("DELETE", "/v1/coupons/OPEN", "")
	if got := w.get("/v1/promotion_codes/"+asleep, ""); got.get("active") != false {
		t.Error("the code outlived its coupon")
	}
}

func TestVoidGivesBalanceBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	w.post("/v1/customers/"+cus, "balance=-300")
	w.post("/v1/invoiceitems", "customer="+cus+"&amount=1000&currency=usd")
	inv := w.post("/v1/invoices", "pending_invoice_items_behavior=include&collection_method=send_invoice&days_until_due=5&customer="+cus).str("id")
	if got := w.post("/v1/invoices/"+inv+"/finalize", ""); got.num("amount_due") != 700 {
		t.Errorf("due %d", got.num("amount_due"))
	}
	w.post("/v1/invoices/"+inv+"/void", "")
	if got := w.get("/v1/customers/"+cus, "").num("balance"); got != -300 {
		t.Errorf("balance %d", got)
	}
}

func TestCreditNotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	inv := w.get("/v1/invoices/"+sub.str("latest_invoice"), "")
	n := w.post("/v1/credit_notes", "invoice="+inv.str("id")+"&lines[0][type]=invoice_line_item&lines[0][invoice_line_item]="+inv.str("lines.data.0.id")+"&lines[0][amount]=400&credit_amount=150&refund_amount=250")
	if n.num("amount") != 400 || n.str("type") != "post_payment" || w.get("/v1/customers/"+cus, "").num("balance") != -150 || w.get("/v1/refunds/"+n.str("refund"), "").num("amount") != 250 {
		t.Errorf("credit note %v", n)
	}
	if status, _ := w.refused("POST", "/v1/credit_notes", "invoice="+inv.str("id")+"&amount=700&credit_amount=700"); status != 400 {
		t.Error("more was credited than was paid")
	}
	w.post("/v1/invoiceitems", "customer="+cus+"&amount=1000&currency=usd")
	open := w.post("/v1/invoices", "pending_invoice_items_behavior=include&customer="+cus).str("id")
	w.post("/v1/invoices/"+open+"/finalize", "")
	note := w.post("/v1/credit_notes", "amount=300&invoice="+open).str("id")
	if got := w.get("/v1/invoices/"+open, ""); got.num("amount_remaining") != 550 { // 1000 - 150 - 300
		t.Errorf("remaining %d", got.num("amount_remaining"))
	}
	w.post("/v1/credit_notes/"+note+"/void", "")
	if got := w.get("/v1/invoices/"+open, ""); got.num("amount_remaining") != 850 {
		t.Errorf("remaining %d", got.num("amount_remaining"))
	}
}

func TestClockWhileAdvancing(t *testing.T) {
	t.Parallel()
	w, r := newHooked(t)
	clock, cus := w.onClock(start.Unix())
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.quiet()
	busy := 0
	r.onEvent = func(kind string) {
		if kind == "invoice.created" { // the clock is on its way
			status, _, _ := w.call("POST", "/v1/test_helpers/test_clocks/"+clock+"/advance", fmt.Sprint("frozen_time=", start.AddDate(0, 3, 0).Unix()))
			if status == 429 {
				busy++
			}
		}
	}
	w.advance(clock, start.AddDate(0, 1, 1).Unix())
	if busy != 1 {
		t.Errorf("refused while advancing: %d times", busy)
	}
}

func TestDefaultIncompleteIsConfirmed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	sub := w.subscribe(cus, "payment_behavior=default_incomplete&payment_settings[save_default_payment_method]=on_subscription&expand[]=latest_invoice.payment_intent&items[0][price]="+w.price("1000", ""))
	pi := sub.str("latest_invoice.payment_intent.id")
	if got := sub.str("status") + " " + sub.str("latest_invoice.payment_intent.status"); got != "incomplete requires_payment_method" {
		t.Errorf("at first %s", got)
	}
	if status, e := w.refused("POST", "/v1/payment_intents/"+pi+"/confirm", "payment_method=pm_card_chargeCustomerFail"); status != 402 || e.str("decline_code") != "generic_decline" {
		t.Errorf("declined: %d %v", status, e)
	}
	w.post("/v1/payment_intents/"+pi+"/confirm", "payment_method=pm_card_visa")
	now := w.get("/v1/subscriptions/"+sub.str("id"), "expand[]=default_payment_method&expand[]=latest_invoice")
	if now.str("status") != "active" || now.str("latest_invoice.status") != "paid" || now.str("default_payment_method.customer") != cus {
		t.Errorf("confirmed: %v", now)
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := w.invoices(cus)[1].str("status"); got != "paid" {
		t.Errorf("renewal with the saved card: %s", got)
	}
}

func TestCardThatWantsAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_authenticationRequired")
	sub := w.subscribe(cus, "expand[]=latest_invoice.payment_intent&items[0][price]="+w.price("1000", ""))
	if got := sub.str("status") + " " + sub.str("latest_invoice.payment_intent.status"); got != "incomplete requires_action" {
		t.Errorf("got %s", got)
	}
	path := strings.TrimPrefix(sub.str("latest_invoice.hosted_invoice_url"), "http://sim.test")
	w.person("POST", path, map[string][]string{"payment_method": {"pm_card_authenticationRequired"}, "authentication": {"approve"}})
	if got := w.status(sub.str("id")); got != "active" {
		t.Errorf("authenticated on the hosted page: %s", got)
	}
}
