package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// An InvoiceReader is the part of the table that shows invoices to people.
type InvoiceReader interface {
	// InvoicePage reads a page of a customer's invoices, newest first; cursors as those of
	// Store.Audit. One request.
	InvoicePage(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) (page []billing.Invoice, next string, err error)

	// InvoiceHistory reads an invoice and the entries of the history that are about it, or about
	// its operation, of which the id may be "". found is false for an unknown invoice. One request
	// for the invoice, and one for each megabyte of history.
	InvoiceHistory(ctx context.Context, env catalog.Env, internalID, stripeID string) (in billing.Invoice, entries []billing.Audit, found bool, err error)
}

func (a *App) invoiceReader() InvoiceReader { return a.Store.(InvoiceReader) }

// CustomerInvoices reads a customer with a page of their invoices, newest first.
func (a *App) CustomerInvoices(ctx context.Context, caller Caller, id, cursor string, limit int) (s billing.State, page []billing.Invoice, next string, err error) {
	if s, err = a.CustomerAt(ctx, caller, id); err == nil {
		page, next, err = a.invoiceReader().InvoicePage(ctx, caller.Env, s.Customer.InternalID, cursor, limit)
	}
	return s, page, next, err
}

// NewestInvoices are the newest of a customer, at most so many, newest first. One request.
func (a *App) NewestInvoices(ctx context.Context, caller Caller, c billing.Customer, most int) ([]billing.Invoice, error) {
	page, _, err := a.invoiceReader().InvoicePage(ctx, caller.Env, c.InternalID, "", most)
	return page, err
}

// CustomerInvoice explains one invoice of a customer; found is false for an unknown one.
func (a *App) CustomerInvoice(ctx context.Context, caller Caller, id, invoiceID string) (s billing.State, explained billing.ExplainedInvoice, found bool, err error) {
	if s, err = a.CustomerAt(ctx, caller, id); err != nil {
		return s, explained, false, err
	}
	in, entries, found, err := a.invoiceReader().InvoiceHistory(ctx, caller.Env, s.Customer.InternalID, invoiceID)
	if err != nil || !found {
		return s, explained, found, err
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return s, explained, true, err
	}
	of := s
	if in.Renewal && s.Customer.Moved.Bought {
		moved, err := a.Store.MovedProducts(ctx, caller.Env, s.Customer.InternalID)
		if err != nil {
			return s, explained, true, err
		}
		of = s.WithMoved(moved)
	}
	return s, of.ExplainInvoice(cat, in, entries), true, nil
}
