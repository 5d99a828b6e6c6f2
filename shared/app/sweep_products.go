package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// closeProducts brings all products of a customer to what is so now: by their
// dates, and those on subscriptions of which no event has told for long, as
// Stripe has them. The dates come first, as they need nobody's answer. It
// reports whether anything changed.
func (a *App) closeProducts(ctx context.Context, caller Caller, cat *catalog.Catalog, d Due) (bool, error) {
	var ended, asked []string // subscriptions that owe a last bill, and those that are done with
	changed := false
	return retryStale(ctx, a, func() (bool, error) {
		for {
			s, found, err := a.Store.State(ctx, caller.Env, d.Key)
			if err != nil || !found {
				return true, err
			}
			if s, _, err = a.awaitIdle(ctx, caller, cat, s); err != nil {
				return false, err
			}
			due := slices.DeleteFunc(slices.Concat(ended, unbilled(s, d), s.DueSubscriptions(caller.Now)),
				func(id string) bool { return slices.Contains(asked, id) })
			if done := billing.CloseDue(s, cat, caller.Now); len(done.Products) > 0 {
				if err := a.Store.Commit(ctx, caller.Env, a.writes(cat, d.Key, done, caller)...); err != nil || len(due) == 0 {
					return true, err
				}
				changed = true
				continue
			}
			if len(due) == 0 {
				return changed, nil
			}
			id := due[0]
			writes, again, err := a.followLate(ctx, caller, cat, s, id)
			if err != nil {
				return false, err
			}
			if err := a.Store.Commit(ctx, caller.Env, writes...); err != nil {
				return false, err
			}
			changed = changed || len(writes) > 0
			if again {
				ended = append(ended, id)
			} else {
				asked = append(asked, id)
			}
		}
	})
}

// unbilled is the subscription of a product that has ended and is due all the
// same: a run died before it made the last bill.
func unbilled(s billing.State, d Due) []string {
	for _, cp := range s.Products {
		if cp.ID == d.ProductID && cp.Status == billing.Expired && cp.SubscriptionID != "" {
			return []string{cp.SubscriptionID}
		}
	}
	return nil
}

// followLate asks Stripe what became of a subscription. Products that have
// ended with it stay due until its last bill is made.
func (a *App) followLate(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, id string) (writes []Write, again bool, err error) {
	sub, err := a.Payments.Subscription(ctx, caller.Env, id)
	if err != nil {
		return nil, false, err
	}
	writes, again, err = a.follow(ctx, caller, cat, s, sub)
	if again {
		for i, w := range writes {
			if row, is := w.(SaveCustomerProduct); is && row.Product.SubscriptionID == id && row.Product.Status == billing.Expired {
				row.Due = caller.Now.Add(firstRetry)
				writes[i] = row
			}
		}
		return writes, true, nil
	}
	var over []Write
	for _, cp := range s.Products {
		if cp.SubscriptionID == id && cp.Status == billing.Expired && !sub.EndedAt.IsZero() {
			over = append(over, SaveCustomerProduct{Key: s.Customer.Key(), Product: cp})
		}
	}
	if len(over) > 0 {
		writes = append(append(writes, SaveCustomer{s.Customer}), over...)
	}
	return writes, false, err
}
