package stripesim_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"windfall/local/journal/journaltest"
)

// A list inside an object shows its first ten; the rest is read from its URL.
// Invoices show so wherever they appear: alone, in lists, expanded, in previews
// and in events. What is billed are all lines.
func TestAnInvoiceShowsItsFirstTenLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	sub := w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("id")
	for n := range 14 {
		w.post("/v1/invoiceitems", fmt.Sprintf("customer=%s&subscription=%s&amount=%d&currency=usd&metadata[n]=%d", cus, sub, 1+n, n))
	}
	shows := func(what string, in raw, lines int, more bool) {
		t.Helper()
		if got := len(in.list("lines.data")); got != lines || in.get("lines.has_more") != more {
			t.Errorf("%s has %d lines, has_more %v", what, got, in.get("lines.has_more"))
		}
	}
	shows("the first invoice", w.invoices(cus)[0], 1, false)
	upcoming := w.get("/v1/invoices/upcoming", "subscription="+sub)
	shows("the upcoming invoice", upcoming, 10, true)
	if got := len(w.get("/v1/invoices/upcoming/lines", "limit=100&subscription="+sub).list("data")); got != 15 {
		t.Errorf("%d lines are upcoming", got)
	}
	w.to(start.AddDate(0, 1, 0).Add(hours(2)))
	in := w.invoices(cus)[1]
	shows("an invoice in a list", in, 10, true)
	shows("an invoice", w.get("/v1/invoices/"+in.str("id"), ""), 10, true)
	shows("an invoice after a change", w.post("/v1/invoices/"+in.str("id"), "metadata[a]=b"), 10, true)
	expanded := w.get("/v1/subscriptions/"+sub, "expand[]=latest_invoice")
	shows("an expanded invoice", raw(expanded.get("latest_invoice").(map[string]any)), 10, true)
	if in.num("total") != 1000+14*15/2 || in.str("status") != "paid" {
		t.Errorf("a total of %d is %s", in.num("total"), in.str("status"))
	}
	seen := map[string]bool{}
	after, sum := "", int64(0)
	for more := true; more; {
		page := w.get("/v1/invoices/"+in.str("id")+"/lines", "limit=4"+after)
		for _, line := range page.list("data") {
			seen[line.str("id")], after = true, "&starting_after="+line.str("id")
			sum += line.num("amount")
		}
		more = page.get("has_more") == true
	}
	if len(seen) != 15 || sum != in.num("total") {
		t.Errorf("%d lines come to %d", len(seen), sum)
	}
	told := 0
	for _, e := range w.get("/v1/events", "limit=100").list("data") {
		body, _ := e.get("data.object").(map[string]any)
		if raw(body).str("id") != in.str("id") {
			continue
		}
		told++
		shows(e.str("type"), body, 10, true)
		if e.get("data.previous_attributes.lines") != nil {
			t.Errorf("%s tells of other lines before: %v", e.str("type"), e.get("data.previous_attributes"))
		}
	}
	if told < 4 {
		t.Errorf("%d events tell of the invoice", told)
	}
}

// What an object does not show is kept all the same.
func TestLinesBeyondTheFirstSurviveARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.jsonl")
	w := kept(t, file, &journaltest.Disk{})
	cus := w.customer("pm_card_visa")
	draft := w.post("/v1/invoices", "customer="+cus).str("id")
	for range 12 {
		w.post("/v1/invoiceitems", "customer="+cus+"&invoice="+draft+"&amount=100&currency=usd")
	}
	if err := w.sim.Close(); err != nil {
		t.Fatal(err)
	}
	w = kept(t, file, &journaltest.Disk{})
	if got := len(w.get("/v1/invoices/"+draft+"/lines", "limit=100").list("data")); got != 12 {
		t.Errorf("%d lines are left", got)
	}
	if paid := w.post("/v1/invoices/"+draft+"/pay", ""); paid.num("total") != 1200 {
		t.Errorf("%d is paid", paid.num("total"))
	}
}

// The other lists inside objects do the same.
func TestListsInsideObjectsShowTheirFirstTen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	form, prices := "", ""
	for n := range 12 {
		id := w.price(fmt.Sprint(100+n), "")
		form += fmt.Sprintf("&items[%d][price]=%s", n, id)
		prices += fmt.Sprintf("&line_items[%d][quantity]=1&line_items[%d][price]=%s", n, n, id)
	}
	sub := w.subscribe(cus, strings.TrimPrefix(form, "&"))
	for range 11 {
		w.subscribe(cus, "items[0][price]="+w.price("900", ""))
	}
	page := w.post("/v1/checkout/sessions", "mode=subscription&success_url=http://x.io"+prices+"&expand[]=line_items")
	customer := w.get("/v1/customers/"+cus, "expand[]=subscriptions")
	invoice := w.get("/v1/invoices/"+sub.str("latest_invoice"), "")
	lines := ""
	for n, line := range w.get("/v1/invoices/"+invoice.str("id")+"/lines", "limit=100").list("data") {
		lines += fmt.Sprintf("&lines[%d][type]=invoice_line_item&lines[%d][invoice_line_item]=%s&lines[%d][quantity]=1", n, n, line.str("id"), n)
	}
	note := w.post("/v1/credit_notes", "invoice="+invoice.str("id")+"&credit_amount="+fmt.Sprint(invoice.num("total"))+lines)
	for what, c := range map[string]struct {
		object raw
		list   string
		path   string
	}{
		"items":         {sub, "items", "/v1/subscription_items?subscription=" + sub.str("id")},
		"line items":    {page, "line_items", ""},
		"subscriptions": {customer, "subscriptions", ""},
		"a credit note": {note, "lines", ""},
	} {
		if got := len(c.object.list(c.list + ".data")); got != 10 || c.object.get(c.list+".has_more") != true {
			t.Errorf("%s: %d, has_more %v", what, got, c.object.get(c.list+".has_more"))
		}
		path, query, _ := strings.Cut(c.object.str(c.list+".url"), "?")
		if got := len(w.get(path, "limit=100&"+query).list("data")); got != 12 {
			t.Errorf("%s: %d in all", what, got)
		}
	}
	changed := w.post("/v1/subscriptions/"+sub.str("id"), "metadata[a]=b")
	if len(changed.list("items.data")) != 10 {
		t.Errorf("%d items after a change", len(changed.list("items.data")))
	}
	if shown := w.get("/v1/subscriptions", "limit=100&customer="+cus).list("data"); len(shown[11].list("items.data")) != 10 || shown[11].get("items.has_more") != true {
		t.Errorf("in a list: %v", shown[11].get("items.has_more"))
	}
}
