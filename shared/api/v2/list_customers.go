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
	Cursor  string     `json:"start_cursor"`
	Offset  *int       `json:"offset"`
	Limit   *int       `json:"limit"`
	Search  string     `json:"search"`
	Order   string     `json:"sort_order"` // desc, the newest first, or asc
	Created *timeRange `json:"created_at_range"`
	planFilter
}

// A timeRange is a span of time, both ends included.
type timeRange struct {
	Start *fields.Future `json:"start"`
	End   *fields.Future `json:"end"`
}

// list answers a page of customers, newest first, or of those whose id, e-mail
// address or name begins with search. Of customers that are selected by what they have, a
// page has those among the customers that a page reads: it may be short, or empty, although
// others follow.
func (c customers) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[listRequest](req)
	if err != nil {
		return nil, err
	}
	q, err := in.query(req.Version)
	if err != nil {
		return nil, err
	}
	limit := q.Limit
	if in.asks() {
		cat, err := c.app.Store.Catalog(ctx, req.Env, false)
		if err == nil {
			err = in.planFilter.check(cat)
		}
		if err != nil {
			return nil, err
		}
		q.Limit = mostCustomers
	}
	var entries fields.Entries
	shown := 0
	page, err := c.app.ListCustomers(ctx, req.Caller, q, func(s billing.State) (bool, error) {
		switch {
		case in.Search != "" && !in.Created.includes(s.Customer), !in.fits(s.Customer, s.Products, req.Now):
			return true, nil
		case shown == limit:
			return false, nil
		}
		one, err := c.answer(ctx, req, s, nil)
		if err != nil {
			return false, err
		}
		shown++
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
	switch {
	case in.Order != "" && in.Order != "desc" && in.Order != "asc":
		return q, api.InvalidInputs("sort_order: desc or asc, not %.40q.", in.Order)
	case in.Order == "asc" && in.Search != "":
		return q, api.InvalidInputs("sort_order: what a search finds comes by id, e-mail address and name. Leave it out.")
	case !v.AtLeast(withCursors) && in.asks():
		return q, api.InvalidInputs("plans, subscription_status and processors: before version 2.3 a list skips entries, which it would have to count. Send x-api-version 2.3.0 and go on at next_cursor.")
	case !v.AtLeast(withCursors) && in.Search != "" && in.Created != nil:
		return q, api.InvalidInputs("created_at_range: before version 2.3 not with search. Send x-api-version 2.3.0 and go on at next_cursor.")
	}
	if q.Search, err = billing.CheckSearch(in.Search); err != nil {
		return q, err
	}
	q.Oldest = in.Order == "asc"
	if in.Created != nil {
		if err := in.Created.check(); err != nil {
			return q, err
		}
		q.From, q.To = in.Created.Start.Time(), in.Created.End.Time()
	}
	page := paged{in.Cursor, in.Offset, in.Limit}
	limit, skipped, err := page.of(v, pageSizes{usual: 50, most: 5000, usualOffset: 10, mostOffset: mostCustomers, skip: 10000})
	q.Limit, q.Offset, q.Cursor = min(limit, mostCustomers), skipped, in.Cursor
	return q, err
}

func (r timeRange) check() error {
	for name, at := range map[string]*fields.Future{"start": r.Start, "end": r.End} {
		if err := at.Check("created_at_range." + name); err != nil {
			return err
		}
	}
	if r.Start != nil && r.End != nil && *r.End < *r.Start {
		return api.InvalidInputs("created_at_range: end is before start.")
	}
	return nil
}

// includes reports whether a customer was made within it; nil includes all.
func (r *timeRange) includes(c billing.Customer) bool {
	if r == nil {
		return true
	}
	at := c.CreatedAt.UnixMilli()
	return (r.Start == nil || at >= int64(*r.Start)) && (r.End == nil || at <= int64(*r.End))
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
