package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"windfall/shared/billing"
)

// exportPart is how many customers one part of an export has at most. Its answer is about a
// megabyte, of the six that a Lambda may send.
const exportPart = 5000

// readAtOnce is how many customers one request reads, and readers how many requests run together.
const (
	readAtOnce = 100
	readers    = 8
)

// ExportEnd returns the cursor of the part after the one that begins at a cursor; "" after the
// last. It reads no customer.
func (a *App) ExportEnd(ctx context.Context, caller Caller, text, cursor string) (next string, count int, err error) {
	keys, next, err := a.exportKeys(ctx, caller, text, cursor)
	return next, len(keys), err
}

func (a *App) exportKeys(ctx context.Context, caller Caller, text, cursor string) (keys []string, next string, err error) {
	search, err := billing.CheckSearch(strings.TrimSpace(text))
	if err != nil {
		return nil, "", err
	}
	return a.finder().CustomerKeys(ctx, caller.Env, CustomerQuery{Search: search, Cursor: cursor, Limit: exportPart})
}

// Export reads a part of all that a search finds, in its order. Customers who were deleted at this
// moment are missing.
func (a *App) Export(ctx context.Context, caller Caller, text, cursor string) (customers []billing.Customer, next string, err error) {
	keys, next, err := a.exportKeys(ctx, caller, text, cursor)
	if err != nil {
		return nil, "", err
	}
	parts := slices.Collect(slices.Chunk(keys, readAtOnce))
	found, errs := make([]map[string]billing.Customer, len(parts)), make([]error, len(parts))
	var running sync.WaitGroup
	slots := make(chan struct{}, readers)
	for i, part := range parts {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			found[i], errs[i] = a.Store.CustomersByKey(ctx, caller.Env, part...)
		})
	}
	running.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, "", err
	}
	for i, part := range parts {
		for _, key := range part {
			if c, there := found[i][key]; there {
				customers = append(customers, c)
			}
		}
	}
	return customers, next, a.nameHoldings(ctx, caller, customers)
}
