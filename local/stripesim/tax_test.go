package stripesim_test

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"windfall/local/stripesim"
)

// The taxes of a subscription follow the customer: an address that moves counts from the
// next invoice, and one that is gone keeps the renewal a draft.
func TestTaxFollowsTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, date(2026, 4, 1, 0))
	cus := w.taxedCustomer("DE")
	sub := w.subscribe(cus, "automatic_tax[enabled]=true&items[0][price]="+w.price("1000", ""))
	want := func(what string, total int64, status string) {
		t.Helper()
		inv := w.get("/v1/invoices/"+w.get("/v1/subscriptions/"+sub.str("id"), "").str("latest_invoice"), "")
		if inv.num("total") != total || inv.str("status") != status {
			t.Errorf("%s: %d, %s; want %d, %s", what, inv.num("total"), inv.str("status"), total, status)
		}
	}
	want("in Germany", 1190, "paid")
	w.post("/v1/customers/"+cus, "address[country]=CH")
	w.to(date(2026, 5, 1, 2))
	want("in Switzerland", 1081, "paid")
	w.post("/v1/customers/"+cus, "tax_exempt=reverse")
	w.to(date(2026, 6, 1, 2))
	want("a business with reverse charge", 1000, "paid")
	w.post("/v1/customers/"+cus, "address=&tax_exempt=none")
	w.to(date(2026, 7, 1, 2))
	want("nowhere", 1000, "draft")
	inv := w.get("/v1/invoices/"+w.get("/v1/subscriptions/"+sub.str("id"), "").str("latest_invoice"), "")
	if got := inv.str("last_finalization_error.code"); got != "customer_tax_location_invalid" {
		t.Errorf("the draft says %q", got)
	}
	w.post("/v1/customers/"+cus, "address[country]=DE")
	if got := w.post("/v1/invoices/"+inv.str("id")+"/finalize", "").num("total"); got != 1190 {
		t.Errorf("with an address again: %d", got)
	}
	w.post("/v1/subscriptions/"+sub.str("id"), "automatic_tax[enabled]=false")
	w.to(date(2026, 8, 1, 2))
	want("switched off", 1000, "paid")
}

// A schedule's phase has its own automatic tax, or that of the schedule.
func TestTaxOfPhases(t *testing.T) {
	t.Parallel()
	w := newWorld(t, date(2026, 4, 1, 0))
	cus := w.taxedCustomer("DE")
	price := w.price("1000", "")
	sub := w.subscribe(cus, "automatic_tax[enabled]=true&items[0][price]="+price)
	s := w.post("/v1/subscription_schedules", "from_subscription="+sub.str("id"))
	phase := func(n int, more string) string {
		return fmt.Sprintf("&phases[%d][items][0][price]=%s&phases[%d]%s", n, price, n, more)
	}
	w.post("/v1/subscription_schedules/"+s.str("id"), "end_behavior=release&proration_behavior=none"+
		phase(0, fmt.Sprintf("[start_date]=%d", s.num("phases.0.start_date")))+fmt.Sprintf("&phases[0][end_date]=%d", s.num("phases.0.end_date"))+
		phase(1, "[iterations]=1&phases[1][automatic_tax][enabled]=false"))
	w.to(date(2026, 5, 1, 2))
	if got := w.get("/v1/invoices/"+w.get("/v1/subscriptions/"+sub.str("id"), "").str("latest_invoice"), "").num("total"); got != 1000 {
		t.Errorf("the phase without a tax: %d", got)
	}
}

// A page asks where the buyer is, keeps it on the customer, and shows the tax.
func TestTaxOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.post("/v1/customers", "").str("id")
	form := "mode=subscription&success_url=https://x.io&customer=" + cus + "&automatic_tax[enabled]=true&tax_id_collection[enabled]=true&line_items[0][quantity]=1&line_items[0][price]=" + w.price("1000", "")
	if _, body := w.refused("POST", "/v1/checkout/sessions", form); body.str("code") != "customer_tax_location_invalid" {
		t.Errorf("a page that may not keep the address: %v", body)
	}
	if _, body := w.refused("POST", "/v1/checkout/sessions", form+"&customer_update[address]=auto"); body.str("param") != "tax_id_collection" {
		t.Errorf("a page that may not keep the name: %v", body)
	}
	cs := w.post("/v1/checkout/sessions", form+"&customer_update[address]=auto&customer_update[name]=auto")
	if cs.num("amount_total") != 1000 || cs.str("automatic_tax.status") != "requires_location_inputs" {
		t.Errorf("before the address: %v, %v", cs.get("amount_total"), cs.get("automatic_tax"))
	}
	complete := func(body string) (int, raw) {
		status, out := w.machine("/pay/"+cs.str("id")+"/complete", body)
		return status, out
	}
	if status, body := complete(`{"payment_method":"pm_card_visa"}`); status != 400 || body.str("error.code") != "customer_tax_location_invalid" {
		t.Errorf("without an address: %d %v", status, body)
	}
	status, done := complete(`{"payment_method":"pm_card_visa","country":"FR","tax_id":"FR12345678901","name":"Moulin SA"}`)
	if status != 200 || done.num("amount_total") != 1200 || done.num("total_details.amount_tax") != 200 || done.str("customer_details.tax_ids.0.type") != "eu_vat" {
		t.Errorf("in France: %d %v", status, done)
	}
	if c := w.get("/v1/customers/"+cus, ""); c.str("address.country") != "FR" || c.str("name") != "Moulin SA" {
		t.Errorf("the customer has %v", c)
	}
	if inv := w.get("/v1/invoices/"+done.str("invoice"), ""); inv.num("total") != 1200 || inv.str("customer_tax_ids.0.value") != "FR12345678901" {
		t.Errorf("the invoice has %v", inv)
	}
}

// The page for the simulator's users has the table of the percentages.
func TestThePageHasTheTableOfTaxes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/stripe-simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "\n## Taxes\n")
	part, _, _ = strings.Cut(part, "\n## ")
	onPage := map[string]string{}
	for _, m := range regexp.MustCompile(`\b([A-Z]{2}) ([\d.]+)`).FindAllStringSubmatch(part, -1) {
		onPage[m[1]] = m[2]
	}
	if !maps.Equal(onPage, stripesim.TaxPercents) || len(onPage) < 20 {
		t.Errorf("the page has %v, and the code %v", onPage, stripesim.TaxPercents)
	}
}

// The page shows the tax once it knows where the buyer is, and the invoice's page does.
func TestThePageShowsTheTax(t *testing.T) {
	t.Parallel()
	for behavior, wants := range map[string][]string{"exclusive": {"Tax $1.90", "Subscribe and pay $11.90"}, "inclusive": {"Tax $1.60 included", "Subscribe and pay $10.00"}} {
		w := newWorld(t, start)
		cs := w.post("/v1/checkout/sessions", "mode=subscription&success_url=https://x.io&automatic_tax[enabled]=true&tax_id_collection[enabled]=true&line_items[0][quantity]=1&line_items[0][price]="+w.price("1000", "tax_behavior="+behavior))
		path := "/pay/" + cs.str("id")
		pageAt := func(path string) string { _, page, _ := w.person("GET", path, nil); return page }
		w.sees("before", pageAt(path), "Tax with your address", "Billing address", "Tax ID of a business")
		_, page, _ := w.person("POST", path, entered("action=preview&country=de&email=a%40x.io"))
		w.sees("with an address", page, wants...)
		if status, page, _ := w.person("POST", path, entered("action=complete&payment_method=pm_card_visa&email=a%40x.io&country=DE&tax_id=FR1")); status != 400 {
			t.Errorf("a tax id of another country: %d %s", status, visible(page))
		}
		if status, page, _ := w.person("POST", path, entered("action=complete&payment_method=pm_card_visa&email=a%40x.io&country=DE")); status != 303 {
			t.Errorf("completed: %d %s", status, visible(page))
		}
		w.sees("done", pageAt("/pay/done?session_id="+cs.str("id")), wants[0])
		in := w.get("/v1/invoices", "").list("data")[0]
		w.sees("the invoice", pageAt("/invoice/"+in.str("id")), wants[0])
	}
}

func entered(form string) url.Values {
	values, err := url.ParseQuery(form)
	if err != nil {
		panic(err)
	}
	return values
}
