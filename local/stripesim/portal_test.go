package stripesim_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// portal is the address of a new portal page of a customer.
func (w *world) portal(cus string) string {
	w.t.Helper()
	return strings.TrimPrefix(w.post("/v1/billing_portal/sessions", "return_url=https://shop.test&customer="+cus).str("url"), "http://sim.test")
}

func TestPortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	ps := w.post("/v1/billing_portal/sessions", "return_url=https://shop.test&customer="+cus)
	path := strings.TrimPrefix(ps.str("url"), "http://sim.test")
	status, page, _ := w.person("GET", path, nil)
	for _, want := range []string{"P1000", "Cancel subscription", "•••• 4242", "$10.00", "-0001"} {
		if status != 200 || !strings.Contains(page, want) {
			t.Errorf("the portal (%d) lacks %q", status, want)
		}
	}
	_, page, _ = w.person("POST", path, map[string][]string{"action": {"cancel"}, "subscription": {sub}})
	if w.get("/v1/subscriptions/"+sub, "").get("cancel_at_period_end") != true || !strings.Contains(page, "Ends on 1 February 2026") {
		t.Error("not cancelled at the end of the period")
	}
	w.person("POST", path, map[string][]string{"action": {"resume"}, "subscription": {sub}})
	if got := w.get("/v1/subscriptions/"+sub, ""); got.get("cancel_at_period_end") != false || got.get("canceled_at") != nil {
		t.Error("not resumed")
	}
	w.person("POST", path, map[string][]string{"action": {"card"}, "payment_method": {"pm_card_mastercard"}})
	if got := w.get("/v1/customers/"+cus, "expand[]=invoice_settings.default_payment_method"); got.str("invoice_settings.default_payment_method.card.brand") != "mastercard" {
		t.Errorf("card %v", got)
	}
	if status, page, _ = w.person("POST", path, map[string][]string{"action": {"card"}, "payment_method": {"pm_card_visa_chargeDeclined"}}); status != 402 || !strings.Contains(page, "declined") {
		t.Errorf("a declined card: %d", status)
	}
	conf := w.post("/v1/billing_portal/configurations", "business_profile[headline]=Hi&features[invoice_history][enabled]=false").str("id")
	ps = w.post("/v1/billing_portal/sessions", "customer="+cus+"&configuration="+conf)
	if status, _, _ = w.person("POST", strings.TrimPrefix(ps.str("url"), "http://sim.test"), map[string][]string{"action": {"cancel"}, "subscription": {sub}}); status != 400 {
		t.Errorf("cancelling where it is not enabled: %d", status)
	}
}

func TestHostedInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("")
	sub := w.subscribe(cus, "collection_method=send_invoice&days_until_due=10&items[0][price]="+w.price("1000", ""))
	inv := w.post("/v1/invoices/"+sub.str("latest_invoice")+"/send", "")
	path := strings.TrimPrefix(inv.str("hosted_invoice_url"), "http://sim.test")
	if status, page, _ := w.person("GET", path, nil); status != 200 || !strings.Contains(page, "$10.00") {
		t.Errorf("page %d", status)
	}
	if status, page, _ := w.person("POST", path, map[string][]string{"payment_method": {"pm_card_chargeCustomerFail"}}); status != 402 || !strings.Contains(page, "declined") {
		t.Errorf("declined: %d", status)
	}
	w.person("POST", path, map[string][]string{"payment_method": {"pm_card_visa"}})
	if got := w.get("/v1/invoices/"+inv.str("id"), "").str("status"); got != "paid" {
		t.Errorf("status %s", got)
	}
}

func TestPortalMarksTheCardThatPays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	marked := regexp.MustCompile(`<span class="brand">([^<]*)</span>( <span class="badge default">Default</span>)?`)
	cards := func(cus string) string {
		_, page, _ := w.person("GET", w.portal(cus), nil)
		var out []string
		for _, m := range marked.FindAllStringSubmatch(page, -1) {
			out = append(out, fmt.Sprint(m[1], m[2] != ""))
		}
		return strings.Join(out, ", ")
	}
	cus := w.customer("pm_card_mastercard")
	if w.post("/v1/payment_methods/pm_card_visa/attach", "customer="+cus); cards(cus) != "mastercard •••• 4444true, visa •••• 4242false" {
		t.Errorf("a second card: %s", cards(cus))
	}
	if w.swapCard(cus, "pm_card_amex"); cards(cus) != "mastercard •••• 4444false, visa •••• 4242false, amex •••• 0005true" {
		t.Errorf("another default: %s", cards(cus))
	}
	bought := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")).str("id")
	buyer := w.complete(bought, `{"payment_method":"pm_card_visa","email":"b@example.com"}`).str("customer")
	if cards(buyer) != "visa •••• 4242true" {
		t.Errorf("a card saved by a checkout: %s", cards(buyer))
	}
}

func TestPortalSaysWhatComesNext(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opening string
		then    func(w *world, cus, sub string)
		want    string
	}{
		"active":   {"", func(*world, string, string) {}, "active · Renews on 1 February 2026"},
		"trialing": {"&trial_period_days=14", func(*world, string, string) {}, "trialing · Trial ends on 15 January 2026"},
		"ending": {"", func(w *world, _, sub string) { w.post("/v1/subscriptions/"+sub, "cancel_at_period_end=true") },
			"active · Ends on 1 February 2026"},
		"past due": {"", func(w *world, cus, _ string) {
			w.swapCard(cus, "pm_card_chargeCustomerFail")
			w.to(start.AddDate(0, 1, 0).Add(time.Hour))
		}, `past due · Payment is overdue · <a href="http://sim.test/invoice/`},
		"never paid": {"&default_payment_method={bad}", func(*world, string, string) {}, `incomplete · The first payment is missing · <a href="http://sim.test/invoice/`},
		"paused": {"&trial_period_days=7&trial_settings[end_behavior][missing_payment_method]=pause", func(w *world, cus, _ string) {
			w.post("/v1/customers/"+cus, "invoice_settings[default_payment_method]=")
			w.to(start.AddDate(0, 0, 7))
		}, "paused · Waiting for a payment method"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer("pm_card_visa")
			bad := w.post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer="+cus).str("id")
			sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")+strings.ReplaceAll(c.opening, "{bad}", bad)).str("id")
			c.then(w, cus, sub)
			if _, page, _ := w.person("GET", w.portal(cus), nil); !strings.Contains(page, c.want) {
				t.Errorf("no %q in\n%s", c.want, page)
			}
		})
	}
}

func TestPortalInvoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	w.subscribe(cus, "items[0][price]="+w.price("1000", ""))
	w.to(start.AddDate(0, 2, 0).Add(time.Hour))
	portal := w.portal(cus)
	_, page, _ := w.person("GET", portal, nil)
	if got := regexp.MustCompile(`\d+ \w+ 2026 · <span`).FindAllString(page, -1); fmt.Sprint(got) != "[1 March 2026 · <span 1 February 2026 · <span 1 January 2026 · <span]" {
		t.Errorf("the invoices are not newest first: %v", got)
	}
	link := regexp.MustCompile(`href="http://sim.test(/invoice/[^"]*)"`).FindStringSubmatch(page)[1]
	back := `<a href="http://sim.test` + portal + `">← Back</a>`
	if _, page, _ = w.person("GET", link, nil); !strings.Contains(page, back) {
		t.Errorf("no way back from %s:\n%s", link, page)
	}
	path, _, _ := strings.Cut(link, "?")
	theirs := strings.TrimPrefix(w.portal(w.customer("")), "/portal/")
	for _, address := range []string{path, path + "?portal=" + theirs, path + "?portal=https://elsewhere.test"} {
		if status, page, _ := w.person("GET", address, nil); status != 200 || strings.Contains(page, "Back") {
			t.Errorf("%s: %d, or leads somewhere", address, status)
		}
	}
}
