package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
)

// mostCustomers is how many customers a page has at most: they are read whole.
const mostCustomers = 100

type listRequest struct {
	Cursor string `json:"start_cursor"`
	Offset *int   `json:"offset"`
	Limit  *int   `json:"limit"`
	Search string `json:"search"`
	Order  string `json:"sort_order"` // desc, the newest first

	Plans      fields.Unset   `json:"plans"`
	Status     fields.Unset   `json:"subscription_status"`
	Processors fields.Unset   `json:"processors"`
	Created    fields.Nothing `json:"created_at_range"`
}

// list answers a page of customers, newest first, or of those whose id, e-mail
// address or name begins with search.
func (c customers) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[listRequest](req)
	if err != nil {
		return nil, err
	}
	q, err := in.query(req.Version)
	if err != nil {
		return nil, err
	}
	var entries fields.Entries
	page, err := c.app.ListCustomers(ctx, req.Caller, q, func(s billing.State) (bool, error) {
		one, err := c.answer(ctx, req, s, nil)
		if err != nil {
			return false, err
		}
		return entries.Add(one)
	})
	if err != nil {
		return nil, err
	}
	if req.Version.AtLeast(withCursors) {
		return cursorPage{entries, api.OrNull(page.Next)}, nil
	}
	return offsetPage{entries, page.Next != "", page.Total, q.Limit, q.Offset}, nil
}

// query is a page as it was asked for. With cursors it may be shorter than its limit;
// one that skips has to be whole, as the next one skips by the limit.
func (in listRequest) query(v api.Version) (q app.CustomerQuery, err error) {
	if in.Order != "" && in.Order != "desc" {
		return q, api.InvalidInputs("sort_order: desc, the newest first, is the only one. Leave it out.")
	}
	if q.Search, err = billing.CheckSearch(in.Search); err != nil {
		return q, err
	}
	page := paged{in.Cursor, in.Offset, in.Limit}
	limit, skipped, err := page.of(v, pageSizes{usual: 50, most: 5000, usualOffset: 10, mostOffset: mostCustomers, skip: 10000})
	q.Limit, q.Offset, q.Cursor = min(limit, mostCustomers), skipped, in.Cursor
	return q, err
}

// listByPath serves POST /v1/customers/list, which the command line calls. The first
// dialect changes a customer by that path, whatever they are called.
func (c customers) listByPath(ctx context.Context, req api.Request) (any, error) {
	if id := req.PathValue("customer_id"); id != "list" {
		if _, err := api.Decode[listRequest](req); err != nil {
			return nil, err
		}
		return nil, api.ErrVersion("POST /v1/customers/%s is not part of version %s of this API: call POST /v1/customers.update, or leave the header x-api-version out, or send 1.2.", id, req.Version)
	}
	return c.list(ctx, req)
}
