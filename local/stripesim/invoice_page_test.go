package stripesim_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var foot = regexp.MustCompile(`(?s)<tfoot>.*</tfoot>`)

// ends checks the sums of an invoice page: what they end in is bold, and is the
// only one that is.
func (w *world) ends(name, invoice, want string, absent ...string) {
	w.t.Helper()
	_, page, _ := w.person("GET", "/invoice/"+invoice, nil)
	sums := foot.FindString(page)
	_, last, _ := strings.Cut(sums, `<tr class="last">`)
	if text := visible(last); text != want || strings.Count(sums, `class="last"`) != 1 {
		w.t.Errorf("%s: the sums end in %q, not in %q:\n%s", name, text, want, visible(sums))
	}
	for _, text := range absent {
		if strings.Contains(visible(sums), text) {
			w.t.Errorf("%s: it says %q:\n%s", name, text, visible(sums))
		}
	}
}

// An invoice ends in what was paid, and says what is due only where something is.
func TestAnInvoiceEndsInWhatCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	item := "items[0][price]=" + w.price("2000", "")
	w.ends("paid", w.subscribe(w.customer("pm_card_visa"), item).str("latest_invoice"), "Amount paid $20.00", "Amount due")
	w.ends("a trial", w.subscribe(w.customer("pm_card_visa"), item+"&trial_period_days=7").str("latest_invoice"), "Amount paid $0.00", "Amount due")

	credited := w.customer("pm_card_visa")
	w.post("/v1/customers/"+credited+"/balance_transactions", "amount=-500&currency=usd")
	w.ends("partly by credit", w.subscribe(credited, item).str("latest_invoice"), "Amount paid $15.00", "Amount due")
	w.post("/v1/customers/"+credited+"/balance_transactions", "amount=-5000&currency=usd")
	w.ends("by credit alone", w.subscribe(credited, item).str("latest_invoice"), "Amount paid $0.00", "Amount due")

	sent := "collection_method=send_invoice&days_until_due=10&" + item
	for name, c := range map[string]struct{ action, form, want, absent string }{
		"sent":          {"send", "", "Amount due $20.00", "Amount paid"},
		"by bank":       {"pay", "paid_out_of_band=true", "Amount paid $20.00", "Amount due"},
		"void":          {"void", "", "Total $20.00", "Amount"},
		"uncollectible": {"mark_uncollectible", "", "Amount due $20.00", "Amount paid"},
	} {
		invoice := w.subscribe(w.customer(""), sent).str("latest_invoice")
		w.post("/v1/invoices/"+invoice+"/finalize", "")
		w.post("/v1/invoices/"+invoice+"/"+c.action, c.form)
		w.ends(name, invoice, c.want, c.absent)
	}
}

var shortDate = regexp.MustCompile(`\b(0\d \w+|\d+ (Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)) 20\d\d`)

// All pages write a date alike.
func TestPagesWriteDatesAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	price := w.price("1000", "")
	sub := w.subscribe(cus, "items[0][price]="+price)
	w.subscribe(cus, "trial_period_days=3&items[0][price]="+price)
	w.post("/v1/subscriptions/"+w.subscribe(cus, "items[0][price]="+price).str("id"), "cancel_at_period_end=true")
	late := w.post("/v1/invoices/"+w.subscribe(cus, "collection_method=send_invoice&days_until_due=10&items[0][price]="+price).str("latest_invoice")+"/finalize", "")
	w.to(start.AddDate(0, 1, 0).Add(2 * time.Hour))
	open := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + price).str("id")
	trial := w.checkout("mode=subscription&subscription_data[trial_period_days]=5&line_items[0][quantity]=1&line_items[0][price]=" + price).str("id")
	paid := w.checkout("mode=subscription&line_items[0][quantity]=1&line_items[0][price]=" + price).str("id")
	w.complete(paid, `{"payment_method":"pm_card_visa","email":"b@example.com"}`)
	for path, want := range map[string]string{
		w.portal(cus): "Renews on 1 March 2026", "/invoice/" + sub.str("latest_invoice"): "1 January 2026 – 1 February 2026", "/invoice/" + late.str("id"): "Due on 11 January 2026",
		"/pay/" + open: "1 March 2026", "/pay/" + trial: "6 February 2026", "/pay/" + paid: "1 March 2026",
	} {
		_, page, _ := w.person("GET", path, nil)
		w.sees(path, page, want)
		if odd := shortDate.FindString(visible(page)); odd != "" {
			t.Errorf("%s writes %q", path, odd)
		}
	}
}
