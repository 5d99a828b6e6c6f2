package payments_test

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

var usagePrice = billing.Step{Name: "price_words", Price: &billing.NewPrice{ItemID: "pr_words", ProductID: "pro", Name: "Pro: words", Currency: "usd",
	Amount: money.Int(10), Cycle: money.Cycle{Interval: money.Month}, FeatureID: "words", Pack: money.Int(1)}}

// usageOn bills $6 of words on a draft; late is the time after the period.
func usageOn(invoice string, late time.Duration) (app.Ref, billing.Step) {
	ref := app.Ref{OperationID: "usage_cp_1/pr_words_1", CustomerID: "ada", CreatedAt: month.End, Now: month.End.Add(late)}
	return ref, billing.Step{Name: "usage", Usage: &billing.NewUsage{Name: "usage_cp_1/pr_words_1_0", ItemID: "pr_words", InvoiceID: invoice,
		Period: month, Since: month.End, Amount: 600, Currency: "usd", Description: "Pro: words × 60"}}
}

// Usage is one line, however often, how late and on whichever draft it is
// billed.
func TestUsageIsOneLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := w.sim.AdvanceTo(t.Context(), month.End); err != nil {
		t.Fatal(err)
	}
	id, _ := w.customer("pm_card_visa")
	first, other := w.draftOf(id), w.draftOf(id)
	r := w.mustTake(billing.Results{CustomerID: id}, usagePrice)
	for _, c := range []struct {
		invoice string
		late    time.Duration
	}{{first, 0}, {first, time.Minute}, {other, time.Hour}, {other, 48 * time.Hour}, {first, 72 * time.Hour}} {
		ref, step := usageOn(c.invoice, c.late)
		if _, err := w.takeAs(ref, r, step); err != nil {
			t.Fatalf("%s after %s: %v", c.invoice, c.late, err)
		}
	}
	lines := w.list("/v1/invoiceitems?customer=" + id)
	if len(lines) != 1 || lines[0].text("invoice") != first || lines[0]["amount"] != 600.0 {
		t.Fatalf("got %v", lines)
	}
	price, _ := lines[0]["price"].(map[string]any)
	if got := w.must("GET", "/v1/prices/"+r.Prices["pr_words"], nil).text("product"); price["product"] != got {
		t.Errorf("the line is of product %v, want %s", price["product"], got)
	}
}

// A draft that has become final is read again; no usage line is left behind.
func TestUsageOfAFinalInvoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.customer("pm_card_visa")
	draft := w.draftOf(id)
	w.must("POST", "/v1/invoiceitems", url.Values{"customer": {id}, "invoice": {draft}, "amount": {"2000"}, "currency": {"usd"}})
	w.must("POST", "/v1/invoices/"+draft+"/finalize", nil)
	r := w.mustTake(billing.Results{CustomerID: id}, usagePrice)
	ref, step := usageOn(draft, time.Hour)
	if _, err := w.takeAs(ref, r, step); !errors.Is(err, refusal.ErrStale) {
		t.Errorf("err = %v, want ErrStale", err)
	}
	if lines := w.list("/v1/invoiceitems?customer=" + id); len(lines) != 1 {
		t.Errorf("got %v", lines)
	}
}

func (w *world) draftOf(customer string) string {
	w.Helper()
	return w.must("POST", "/v1/invoices", url.Values{"customer": {customer}, "auto_advance": {"false"}}).text("id")
}
