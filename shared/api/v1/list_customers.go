package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
)

// customerPage is a page of customers. Every key is always there.
type customerPage struct {
	List       fields.Entries `json:"list"`
	Total      int            `json:"total"` // at least so many, and exactly where no more follow
	Limit      int            `json:"limit"`
	Offset     int            `json:"offset"`
	NextCursor api.OrNull     `json:"next_cursor"`
}

// list answers a page of customers, newest first, or of those whose id, e-mail
// address or name begins with search.
func (c customers) list(ctx context.Context, req api.Request) (any, error) {
	q, err := customerQuery(req)
	if err != nil {
		return nil, err
	}
	out := customerPage{Limit: q.Limit, Offset: q.Offset}
	page, err := c.app.ListCustomers(ctx, req.Caller, q, func(s billing.State) (bool, error) {
		one, err := c.answer(ctx, req, s, nil)
		if err != nil {
			return false, err
		}
		return out.List.Add(one)
	})
	if err != nil {
		return nil, err
	}
	// Nobody counts all customers. Clients demand a number, and some go on until offset reaches it.
	out.Total, out.NextCursor = q.Offset+out.List.Len()+1, api.OrNull(page.Next)
	if page.Total != nil {
		out.Total = *page.Total
	}
	return out, nil
}

func customerQuery(req api.Request) (q app.CustomerQuery, err error) {
	if err = api.TakesQuery(req, "limit", "offset", "cursor", "search", "with_autumn_id"); err != nil {
		return q, err
	}
	if _, err = api.QueryFlag(req, "with_autumn_id"); err != nil {
		return q, err
	}
	if q.Limit, err = api.QueryInt(req, "limit", 10, 1, 100); err != nil {
		return q, err
	}
	if q.Offset, err = api.QueryInt(req, "offset", 0, 0, 10000); err != nil {
		return q, err
	}
	if q.Search, err = billing.CheckSearch(api.QueryText(req, "search")); err != nil {
		return q, err
	}
	if q.Cursor = api.QueryText(req, "cursor"); q.Cursor != "" && q.Offset > 0 {
		return q, api.InvalidInputs("offset: a page after a cursor skips nothing; pass one of offset and cursor.")
	}
	return q, nil
}
