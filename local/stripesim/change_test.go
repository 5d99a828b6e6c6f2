package stripesim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// everything is all that a customer has, as the API tells it.
func (w *world) everything(cus string) map[string]any {
	w.t.Helper()
	out := map[string]any{"customer": w.get("/v1/customers/"+cus, ""), "balance": w.get("/v1/customers/"+cus+"/balance_transactions", "")}
	for _, what := range []string{"subscriptions", "subscription_schedules", "invoiceitems", "invoices", "payment_intents", "charges"} {
		form := "limit=100&customer=" + cus
		if what == "subscriptions" {
			form += "&status=all"
		}
		out[what] = w.get("/v1/"+what, form)
	}
	return out
}

// since are the types of the events after the first n.
func (w *world) since(n int) []string { return w.eventTypes()[n:] }

const atOnce = "&proration_behavior=always_invoice&payment_behavior=error_if_incomplete"

// swap replaces the only item of a subscription.
func (w *world) swap(sub raw, price string) string {
	return "items[0][id]=" + sub.str("items.data.0.id") + "&items[0][deleted]=true&items[1][price]=" + price
}

func TestDeclinedUpdateLeavesEverything(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ opening, price, update string }{
		"another price":     {"", "4000", ""},
		"as of a moment":    {"", "4000", fmt.Sprint("&proration_date=", start.AddDate(0, 0, 3).Unix())},
		"with a setup fee":  {"", "4000", "&add_invoice_items[0][price]={fee}"},
		"the cycle anew":    {"", "4000", "&billing_cycle_anchor=now"},
		"a year":            {"", "30000&recurring[interval]=year", ""},
		"the trial ends":    {"&trial_period_days=14", "4000", "&trial_end=now"},
		"and other changes": {"", "4000", "&metadata[k]=v&description=d&coupon=TEN&cancel_at_period_end=true"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			w.post("/v1/coupons", "id=TEN&percent_off=10&duration=forever")
			amount, more, _ := strings.Cut(c.price, "&")
			price, fee := w.price(amount, more), w.price("500", "one_time")
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")+c.opening)
			w.post("/v1/invoiceitems", "currency=usd&amount=700&description=Overage&customer="+cus+"&subscription="+sub.str("id"))
			w.swapCard(cus, "pm_card_chargeCustomerFail")
			w.to(start.AddDate(0, 0, 10))
			before, events := w.everything(cus), len(w.sim.Events())
			status, e := w.refused("POST", "/v1/subscriptions/"+sub.str("id"), w.swap(sub, price)+atOnce+strings.ReplaceAll(c.update, "{fee}", fee))
			if status != 402 || e.str("type") != "card_error" || e.str("code") != "card_declined" {
				t.Errorf("answered %d %v", status, e)
			}
			if diff := cmp.Diff(before, w.everything(cus)); diff != "" {
				t.Errorf("changed (-before +after):\n%s", diff)
			}
			if made := w.since(events); len(made) > 0 {
				t.Errorf("made events: %v", made)
			}
			if got := w.get("/v1/coupons/TEN", "").num("times_redeemed"); got != 0 {
				t.Errorf("the coupon was redeemed %d times", got)
			}
		})
	}
}

func TestUpgradeInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub, other := w.subscribe(cus, "items[0][price]="+w.price("3100", "")), w.subscribe(cus, "items[0][price]="+w.price("100", ""))
	path := "/v1/subscriptions/" + sub.str("id")
	w.post("/v1/invoiceitems", "currency=usd&amount=700&description=Overage&customer="+cus+"&subscription="+sub.str("id"))
	theirs := w.post("/v1/invoiceitems", "currency=usd&amount=900&customer="+cus+"&subscription="+other.str("id")).str("id")
	at := start.AddDate(0, 0, 11) // 20 of 31 days are left
	w.to(at.Add(time.Hour))       // the preview was an hour ago
	price, fee := w.price("6200", ""), w.price("250", "one_time")
	before := len(w.sim.Events())
	now := w.post(path, w.swap(sub, price)+atOnce+fmt.Sprint("&proration_date=", at.Unix())+"&add_invoice_items[0][price]="+fee+"&add_invoice_items[0][quantity]=2")
	inv := w.get("/v1/invoices/"+now.str("latest_invoice"), "")
	got := map[string]int64{}
	for _, l := range inv.list("lines.data") {
		got[l.str("description")] = l.num("amount")
	}
	want := map[string]int64{"Overage": 700, "Unused time on P3100 after 12 Jan 2026": -2000, "Remaining time on P6200 after 12 Jan 2026": 4000, "P250": 500}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if inv.str("billing_reason") != "subscription_update" || inv.str("status") != "paid" || inv.num("amount_paid") != 3200 {
		t.Errorf("invoice %v", inv)
	}
	if now.num("current_period_end") != sub.num("current_period_end") || len(now.list("items.data")) != 1 || now.str("items.data.0.price.id") != price || now.str("items.data.0.id") == sub.str("items.data.0.id") {
		t.Errorf("subscription %v", now)
	}
	if got := w.get("/v1/invoiceitems/"+theirs, "").get("invoice"); got != nil {
		t.Errorf("the other subscription's item went onto %v", got)
	}
	kinds := fmt.Sprint(w.since(before))
	for _, kind := range []string{"customer.subscription.updated", "invoiceitem.created", "invoice.created", "invoice.finalized", "charge.succeeded", "invoice.paid"} {
		if !strings.Contains(kinds, kind) {
			t.Errorf("no %s among %s", kind, kinds)
		}
	}
	w.to(start.AddDate(0, 1, 0).Add(time.Hour))
	if got := totals(w.invoices(cus)[3:]); fmt.Sprint(got) != "[6200 1000]" && fmt.Sprint(got) != "[1000 6200]" {
		t.Errorf("renewals %v: what was billed is not billed again", got)
	}
}

func TestPreviewOfAnUpgradeIsItsInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("3333", ""))
	w.post("/v1/invoiceitems", "currency=usd&amount=700&customer="+cus+"&subscription="+sub.str("id"))
	at := start.AddDate(0, 0, 7).Add(12345 * time.Second)
	w.to(at)
	price := w.price("4999", "")
	subscriptionForm := strings.NewReplacer("items[", "subscription_items[").Replace(w.swap(sub, price))
	preview := w.get("/v1/invoices/upcoming", fmt.Sprintf("subscription=%s&%s&subscription_proration_behavior=always_invoice&subscription_proration_date=%d", sub.str("id"), subscriptionForm, at.Unix()))
	now := w.post("/v1/subscriptions/"+sub.str("id"), w.swap(sub, price)+atOnce+fmt.Sprint("&proration_date=", at.Unix()))
	inv := w.get("/v1/invoices/"+now.str("latest_invoice"), "")
	if preview.num("total") != inv.num("total") || !slices.Equal(amountsOf(preview.list("lines.data")), amountsOf(inv.list("lines.data"))) {
		t.Errorf("preview %v, invoice %v", amountsOf(preview.list("lines.data")), amountsOf(inv.list("lines.data")))
	}
}

func TestIntervalChangeMovesTheAnchor(t *testing.T) {
	t.Parallel()
	for behavior, lines := range map[string]string{"always_invoice": "[-2100 30000]", "create_prorations": "[-2100 30000]", "none": "[30000]"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("3100", ""))
			at := start.AddDate(0, 0, 10) // 21 of 31 days are left
			w.to(at)
			now := w.post("/v1/subscriptions/"+sub.str("id"), w.swap(sub, w.price("30000", "recurring[interval]=year"))+"&proration_behavior="+behavior)
			if now.num("billing_cycle_anchor") != at.Unix() || now.num("current_period_start") != at.Unix() || now.num("current_period_end") != at.AddDate(1, 0, 0).Unix() {
				t.Errorf("anchor and period %v", now)
			}
			if got := fmt.Sprint(amountsOf(w.invoices(cus)[1].list("lines.data"))); got != lines {
				t.Errorf("lines %s, want %s", got, lines)
			}
		})
	}
}

func TestTrialEndsWithAnUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "trial_period_days=14&items[0][price]="+w.price("2000", ""))
	w.to(start.AddDate(0, 0, 5))
	now := w.post("/v1/subscriptions/"+sub.str("id"), w.swap(sub, w.price("5000", ""))+atOnce+"&trial_end=now")
	inv := w.get("/v1/invoices/"+now.str("latest_invoice"), "")
	if now.str("status") != "active" || now.num("trial_end") != start.AddDate(0, 0, 5).Unix() || fmt.Sprint(amountsOf(inv.list("lines.data"))) != "[5000]" || inv.num("amount_paid") != 5000 {
		t.Errorf("%v\n%v", now, inv)
	}
}

func TestFreshTrialOnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("3100", ""))
	w.to(start.AddDate(0, 0, 21)) // 10 of 31 days are left
	end := start.AddDate(0, 0, 35)
	now := w.post("/v1/subscriptions/"+sub.str("id"), w.swap(sub, w.price("6200", ""))+atOnce+fmt.Sprint("&trial_end=", end.Unix()))
	if now.str("status") != "trialing" || now.num("trial_start") != start.AddDate(0, 0, 21).Unix() || now.num("trial_end") != end.Unix() || now.num("billing_cycle_anchor") != end.Unix() || now.num("current_period_end") != end.Unix() {
		t.Errorf("subscription %v", now)
	}
	if got := fmt.Sprint(totals(w.invoices(cus)), w.get("/v1/customers/"+cus, "").num("balance")); got != "[3100 -1000] -1000" { // 3100*10/31 comes back
		t.Errorf("invoices and balance %s", got)
	}
	w.to(end.Add(time.Hour))
	if got := w.invoices(cus)[2]; got.num("total") != 6200 || got.num("amount_paid") != 5200 {
		t.Errorf("after the trial %v", got)
	}
}

// What support staff and the portal change arrives as one event that tells
// what was before.
func TestChangesTellWhatWasBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	path := "/v1/subscriptions/" + w.subscribe(cus, "metadata[plan]=pro&items[0][price]="+w.price("1000", "")).str("id")
	w.to(start.AddDate(0, 0, 1))
	for _, c := range []struct {
		form string
		want map[string]any
	}{
		{"metadata[plan]=team&metadata[note]=call", map[string]any{"metadata": map[string]any{"plan": "pro", "note": nil}}},
		{"cancel_at_period_end=true", map[string]any{"cancel_at_period_end": false, "cancel_at": nil, "canceled_at": nil, "cancellation_details": map[string]any{"reason": nil}}},
		{"cancel_at_period_end=false", map[string]any{"cancel_at_period_end": true, "cancel_at": start.AddDate(0, 1, 0).Unix(), "canceled_at": start.AddDate(0, 0, 1).Unix(), "cancellation_details": map[string]any{"reason": "cancellation_requested"}}},
		{"cancel_at_period_end=false", nil},
	} {
		before := len(w.sim.Events())
		now := w.post(path, c.form)
		if c.want == nil {
			if got := w.since(before); len(got) > 0 {
				t.Errorf("%s changed nothing, but made %v", c.form, got)
			}
			continue
		}
		if got := fmt.Sprint(w.since(before)); got != "[customer.subscription.updated]" {
			t.Errorf("%s: events %s", c.form, got)
		}
		e := w.get("/v1/events", "type=customer.subscription.updated&limit=1").list("data")[0]
		if got := e.get("data.previous_attributes"); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: before %v, want %v", c.form, got, c.want)
		}
		if now.str("status") != "active" || len(w.invoices(cus)) != 1 {
			t.Errorf("%s: %v", c.form, now)
		}
	}
}

func TestCancelNow(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{ // 10 of 31 days are left: 3100*10/31 comes back
		"":                              "[3100] waiting 700",
		"invoice_now=true":              "[3100 700] waiting 0",
		"prorate=true":                  "[3100] waiting -300",
		"prorate=true&invoice_now=true": "[3100 -300] waiting 0",
	} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			sub := w.subscribe(cus, "items[0][price]="+w.price("3100", "")).str("id")
			w.post("/v1/invoiceitems", "currency=usd&amount=700&customer="+cus+"&subscription="+sub)
			w.to(start.AddDate(0, 0, 21))
			gone := w.ok("DELETE", "/v1/subscriptions/"+sub, form)
			var waiting int64
			for _, it := range w.get("/v1/invoiceitems", "pending=true&customer="+cus).list("data") {
				waiting += it.num("amount")
			}
			if got := fmt.Sprint(totals(w.invoices(cus)), " waiting ", waiting); gone.str("status") != "canceled" || got != want {
				t.Errorf("%s, %s, want %s", gone.str("status"), got, want)
			}
		})
	}
}
