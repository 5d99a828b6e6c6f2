package app

import (
	"context"

	"windfall/shared/billing"
)

// A CustomerQuery asks for a page of customers.
type CustomerQuery struct {
	Search string // as billing.CheckSearch reads it; "" lists all, newest first
	Cursor string // of the page before; "" is the first
	Offset int    // how many to skip
	Limit  int
}

// A CustomerPage describes the list around a page of customers.
type CustomerPage struct {
	Next  string // cursor of the next page; "" after the last
	Total *int   // how many there are in all, when the page has shown the end of them
}

const (
	maxSkipped = 1000 // entries that one request reads
	maxPages   = 20   // requests that one page takes: a search may look at many that it found before
)

// ListCustomers passes a page of customers to show one by one, until show reports
// that one does not fit: it begins the next page. There is no counter of all
// customers, as every new customer would wait for its row; so the total is known
// only on the page that reaches the end.
func (a *App) ListCustomers(ctx context.Context, caller Caller, q CustomerQuery, show func(billing.State) (fits bool, err error)) (CustomerPage, error) {
	skipped, shown := 0, 0
	from, after := q.Cursor, q.Cursor
	for range maxPages {
		// One more than the page holds shows whether there is a next page.
		page, next, err := a.Store.Customers(ctx, caller.Env, q.Search, from, min(maxSkipped, q.Offset-skipped+q.Limit-shown+1))
		if err != nil {
			return CustomerPage{}, err
		}
		for _, entry := range page {
			if skipped < q.Offset {
				skipped, after = skipped+1, entry.Cursor
				continue
			}
			if shown == q.Limit {
				return CustomerPage{Next: after}, nil
			}
			s, found, err := a.Store.State(ctx, caller.Env, entry.Key)
			if err != nil {
				return CustomerPage{}, err
			}
			if found && entry.Holds(s.Customer) { // else it was deleted or has moved since
				fits, err := show(s)
				if err != nil || !fits {
					return CustomerPage{Next: after}, err
				}
				shown++
			}
			after = entry.Cursor
		}
		if next == "" {
			return lastPage(q, skipped+shown), nil
		}
		from, after = next, next
	}
	return CustomerPage{Next: after}, nil
}

func lastPage(q CustomerQuery, total int) CustomerPage {
	if q.Cursor != "" {
		return CustomerPage{} // what came before was not counted
	}
	return CustomerPage{Total: &total}
}
