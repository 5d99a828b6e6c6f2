package walk

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"windfall/local/stripesim/object"
	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/tests/world"
)

type jsonNumber = json.Number

// A view is one customer at one moment: in the API, at Stripe, and in the rows
// with dates.
type view struct {
	now      time.Time
	currency money.Currency // in which the customer pays, or would
	exists   bool
	api      shown
	rows     billing.State
	subs     []*object.Subscription
	invoices []*object.Invoice // oldest first
	waiting  []*object.InvoiceItem
	charges  []*object.Charge
}

// shown is a customer in the API.
type shown struct {
	Products []struct {
		ID, Status string
	}
	Features map[string]struct {
		Balance, Usage *json.Number
	}
	Invoices []shownInvoice
}

type shownInvoice struct {
	StripeID   string `json:"stripe_id"`
	Status     string
	Total, Tax json.Number
}

func (in shownInvoice) beforeTax() decimal.Decimal {
	total := decimal.RequireFromString(in.Total.String())
	if in.Tax == "" {
		return total
	}
	return total.Sub(decimal.RequireFromString(in.Tax.String()))
}

// onTop is the tax that Stripe put on top of an invoice's lines.
func onTop(in *object.Invoice) (cents int64) {
	for _, tax := range in.TotalTaxAmounts {
		if !tax.Inclusive {
			cents += tax.Amount
		}
	}
	return cents
}

// look reads a view of a customer.
func (k *walker) look(t *rapid.T, who string) view {
	v := view{now: k.w.Stack.Sim.Now()}
	var err error
	if v.rows, v.exists, err = k.w.Stack.Customer(k.w.Context(), who); err != nil {
		t.Fatal(err)
	}
	v.currency = cmp.Or(v.rows.Customer.Currency, k.currency)
	k.paysIn[who] = v.currency
	if !v.exists {
		return v
	}
	moved, err := k.w.Stack.Moved(k.w.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	for _, cp := range moved {
		if indexOf(v.rows.Products, cp.ID) >= 0 && !strings.HasSuffix(cp.ID, "_after") { // one that follows may begin again
			k.fail(t, "%s of %s has moved to the history, and is among the rows", cp.ID, who)
		}
		if cp.Status != billing.Expired || cp.SubscriptionID != "" && v.rows.Customer.Moved.Subscribed.Before(cp.EndsAt) {
			k.fail(t, "%+v of %s has moved to the history; remembered is %+v", cp, who, v.rows.Customer.Moved)
		}
	}
	v.rows = v.rows.WithMoved(moved) // what ended is the same wherever it is kept
	a := k.w.Do(k.w.Stack.Key, "GET", "/v1/customers/"+who+"?expand=invoices", nil)
	if err := json.Unmarshal([]byte(a.Text), &v.api); a.Status != 200 || err != nil {
		k.fail(t, "read %s: %d %s %v", who, a.Status, a.Text, err)
	}
	if id := v.rows.Customer.StripeID; id != "" {
		if !slices.Contains(k.ids[who], id) {
			k.ids[who] = append(k.ids[who], id)
		}
	}
	for _, id := range k.ids[who] {
		v.subs = append(v.subs, list[object.Subscription](t, k.w, "/v1/subscriptions", url.Values{"customer": {id}, "limit": {"100"}, "status": {"all"}})...)
		v.invoices = append(v.invoices, list[object.Invoice](t, k.w, "/v1/invoices", url.Values{"customer": {id}, "limit": {"100"}})...)
		v.charges = append(v.charges, list[object.Charge](t, k.w, "/v1/charges", url.Values{"customer": {id}, "limit": {"100"}})...)
		v.waiting = append(v.waiting, list[object.InvoiceItem](t, k.w, "/v1/invoiceitems", url.Values{"customer": {id}, "limit": {"100"}, "pending": {"true"}})...)
	}
	for _, in := range v.invoices { // all that is due is computed before tax
		in.Total -= onTop(in)
		if in.Lines.HasMore { // an invoice shows its first lines
			in.Lines.Data = list[object.InvoiceLine](t, k.w, "/v1/invoices/"+in.ID+"/lines", url.Values{"limit": {"100"}})
		}
	}
	return v
}

// A stopper ends a test.
type stopper interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// list reads a list of Stripe, oldest first.
func list[T any](t stopper, w *world.World, path string, values url.Values) []*T {
	var out []*T
	for {
		_, text, err := w.Stack.Stripe("GET", path, values)
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Data    []json.RawMessage
			HasMore bool `json:"has_more"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatalf("%s: %v in %s", path, err, text)
		}
		for _, raw := range page.Data {
			one := new(T)
			if err := json.Unmarshal(inSteps(t, raw), one); err != nil {
				t.Fatalf("%s: %v in %s", path, err, raw)
			}
			out = append([]*T{one}, out...)
			var id struct{ ID string }
			if err := json.Unmarshal(raw, &id); err != nil {
				t.Fatal(err)
			}
			values.Set("starting_after", id.ID)
		}
		if !page.HasMore {
			return out
		}
	}
}

// held lists the rows that have not ended.
func (v view) held() []billing.CustomerProduct {
	var out []billing.CustomerProduct
	for _, cp := range v.rows.Products {
		if cp.At(v.now) != billing.Expired {
			out = append(out, cp)
		}
	}
	return out
}

// main is the active plan of a group, or nil.
func (v view) main(group string) *billing.CustomerProduct {
	for _, cp := range v.held() {
		if cp.Group == group && !cp.AddOn && cp.Running(v.now) && !offerOf(cp.ProductID).once() {
			return &cp
		}
	}
	return nil
}

// since lists the invoices made after an earlier view.
func (v view) since(before view) []*object.Invoice { return v.invoices[len(before.invoices):] }
