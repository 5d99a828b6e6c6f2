package v2

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// mostInvoices is how many invoices a page has at most.
const mostInvoices = 100

type invoicesRequest struct {
	Cursor     string   `json:"start_cursor"`
	Offset     *int     `json:"offset"`
	Limit      *int     `json:"limit"`
	CustomerID string   `json:"customer_id"`
	EntityID   string   `json:"entity_id"`
	Status     []string `json:"status"`
	Processors []string `json:"processor_types"`
}

// A listedInvoiceJSON is an invoice in a list of invoices.
type listedInvoiceJSON struct {
	invoiceJSON
	ID         string      `json:"id"`
	CustomerID api.OrNull  `json:"customer_id"`
	EntityID   api.OrNull  `json:"entity_id"`       // for which it was made; null for the customer
	Paid       *api.Number `json:"amount_paid"`     // null where it is paid, as what credit at Stripe took of it is not kept
	Refunded   api.Number  `json:"refunded_amount"` // of total
}

// invoices lists the invoices of a customer, newest first.
func (c customers) invoices(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[invoicesRequest](req)
	if err != nil {
		return nil, err
	}
	for _, s := range in.Status {
		if !slices.Contains([]string{"draft", "open", "void", "paid", "uncollectible"}, s) {
			return nil, api.InvalidInputs("status: draft, open, void, paid or uncollectible, not %.40q.", s)
		}
	}
	for _, p := range in.Processors {
		if p != "stripe" {
			return nil, api.InvalidInputs("processor_types: stripe is the only one, not %.40q.", p)
		}
	}
	if in.CustomerID == "" {
		return nil, api.InvalidInputs("customer_id: required: invoices are listed customer by customer.")
	}
	page := paged{in.Cursor, in.Offset, in.Limit}
	limit, skipped, err := page.of(req.Version, pageSizes{usual: 50, most: 5000, usualOffset: 10, mostOffset: mostInvoices, skip: 10000})
	if err != nil {
		return nil, err
	}
	list := fmt.Sprintf("invoices %s %q %q ", req.Env, in.CustomerID, in.EntityID) // ids may have spaces
	after, err := readCursor(in.Cursor, list)
	if err != nil {
		return nil, err
	}
	if after != "" && !isPlace(after) {
		return nil, errCursor
	}
	s, all, err := c.invoicesOf(ctx, req, in)
	if err != nil {
		return nil, err
	}
	returned, err := c.app.Store.ReturnedPayments(ctx, req.Env, s.Customer.InternalID)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(following(all, after), func(i billing.Invoice) bool { return len(in.Status) > 0 && !slices.Contains(in.Status, i.Status) })
	skipped = min(skipped, len(all))
	found := all[skipped:min(skipped+min(limit, mostInvoices), len(all))]
	var entries fields.Entries
	for _, i := range found {
		if _, err := entries.Add(listedInvoice(i, s.Customer, returned)); err != nil {
			return nil, err
		}
	}
	more := skipped+len(found) < len(all)
	if !req.Version.AtLeast(withCursors) {
		total := len(all)
		return offsetPage{entries, more, &total, limit, skipped}, nil
	}
	out := cursorPage{List: entries}
	if more {
		out.Next = api.OrNull(base64.RawURLEncoding.EncodeToString([]byte(list + positionOf(found[len(found)-1]))))
	}
	return out, nil
}

// invoicesOf reads all invoices of a customer, or of an entity.
func (c customers) invoicesOf(ctx context.Context, req api.Request, in invoicesRequest) (billing.State, []billing.Invoice, error) {
	if in.EntityID != "" {
		view, err := c.app.GetEntity(ctx, req.Caller, in.CustomerID, in.EntityID)
		if err != nil {
			return view.Customer, nil, err
		}
		its, err := c.app.EntityInvoices(ctx, req.Caller, view)
		return view.Customer, its, err
	}
	s, err := c.app.GetCustomer(ctx, req.Caller, in.CustomerID)
	if err != nil {
		return s, nil, err
	}
	all, err := c.app.Store.Invoices(ctx, req.Env, s.Customer.InternalID)
	return s, all, err
}

func listedInvoice(i billing.Invoice, of billing.Customer, returned []billing.ReturnedPayment) listedInvoiceJSON {
	out := listedInvoiceJSON{invoiceJSON: invoiceAnswer(i), ID: i.StripeID, CustomerID: api.OrNull(of.Key()), EntityID: api.OrNull(i.EntityID)}
	var back money.Amount
	for _, r := range returned {
		if r.InvoiceID == i.StripeID {
			back += r.Refunded
		}
	}
	if out.Refunded = api.NumberOf(i.Currency.Major(back)); i.Status != "paid" {
		nothing := api.NumberOf(i.Currency.Major(0))
		out.Paid = &nothing
	}
	return out
}

// following are the invoices after the one where the page before ended, "" for all. They are the newest
// first, and those of one second, as which Stripe dates them, in the order in which they were made.
func following(all []billing.Invoice, after string) []billing.Invoice {
	if n := slices.IndexFunc(all, func(i billing.Invoice) bool { return positionOf(i) == after }); n >= 0 {
		return all[n+1:]
	}
	return slices.DeleteFunc(all, func(i billing.Invoice) bool { return after != "" && positionOf(i) >= after })
}

// positionOf names an invoice, so that a page can go on after one that is there no more.
func positionOf(i billing.Invoice) string {
	return fmt.Sprintf("%015d#%s", i.CreatedAt.UnixMilli(), i.StripeID)
}

// isPlace reports whether text may be what positionOf, or rowOf, names. A cursor that was cut
// would end a list without a word.
func isPlace(text string) bool {
	at, id, found := strings.Cut(text, "#")
	_, err := strconv.ParseUint(at, 10, 64)
	return found && err == nil && len(at) == 15 && id != ""
}

// readCursor reads where the page before ended; "" is the beginning. One of another list
// would skip entries without a word.
func readCursor(cursor, list string) (after string, err error) {
	if cursor == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(text) <= len(list) || string(text[:len(list)]) != list {
		return "", errCursor
	}
	return string(text[len(list):]), nil
}

var errCursor = &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_cursor",
	Message: "This cursor was not given for this list. Pass the `next_cursor` of the page before as it is."}
