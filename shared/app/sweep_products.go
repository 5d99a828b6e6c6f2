package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
)

// closeProducts brings all products of a customer up to date: by their dates, and
// those on subscriptions without a recent event by the state at Stripe. The dates
// come first, as they need no call. It reports whether anything changed.
func (w work) closeProducts(ctx context.Context, d Due) (bool, error) {
	c := productsDue{due: d}
	for !c.done {
		if _, err := w.run(ctx, moneyCommand{load: c.load, decide: c.decide}); err != nil {
			return false, err
		}
	}
	return c.changed, nil
}

// productsDue brings the products of a customer up to date, part by part.
type productsDue struct {
	due          Due
	ended, asked []string // subscriptions that owe a last bill, and those that are done with
	within       []string // … and those whose use within their period was billed
	changed      bool
	done         bool
}

func (c *productsDue) load(ctx context.Context, w *work) (found bool, err error) {
	w.state, found, err = w.Store.State(ctx, w.caller.Env, c.due.Key)
	if err == nil && !found {
		c.done, c.changed = true, true
	}
	return found, err
}

func (c *productsDue) decide(ctx context.Context, w *work) (step, error) {
	if cp := w.state.CardCheckDue(w.caller.Now); cp != nil {
		c.changed = true
		return w.checkCard(ctx, *cp)
	}
	if ids := slices.DeleteFunc(w.state.DueWithin(w.caller.Now), func(id string) bool { return slices.Contains(c.within, id) }); len(ids) > 0 {
		writes, err := w.billWithin(ctx, ids[0])
		if err == nil {
			err = w.commit(ctx, writes...)
		}
		if err == nil {
			c.changed, c.within = c.changed || len(writes) > 0, append(c.within, ids[0])
		}
		return step{}, err
	}
	due := slices.DeleteFunc(slices.Concat(c.ended, unbilled(w.state, c.due), w.state.DueSubscriptions(w.caller.Now)),
		func(id string) bool { return slices.Contains(c.asked, id) })
	if dated := billing.CloseDue(w.state, w.catalog, w.caller.Now); len(dated.Products) > 0 {
		if err := w.commit(ctx, w.writes(c.due.Key, dated)...); err != nil {
			return step{}, err
		}
		c.changed, c.done = true, len(due) == 0
		return step{}, nil
	}
	if len(due) == 0 {
		c.done = true
		return step{}, nil
	}
	id := due[0]
	writes, again, err := w.followLate(ctx, id)
	if err == nil {
		err = w.commit(ctx, writes...)
	}
	if err != nil {
		return step{}, err
	}
	c.changed = c.changed || len(writes) > 0
	if again {
		c.ended = append(c.ended, id)
	} else {
		c.asked = append(c.asked, id)
	}
	return step{}, nil
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

// followLate reads the state of a subscription at Stripe. Products that have
// ended with it stay due until its last bill is made.
func (w work) followLate(ctx context.Context, id string) (writes []Write, again bool, err error) {
	sub, err := w.Payments.Subscription(ctx, w.caller.Env, id)
	if err != nil {
		return nil, false, err
	}
	writes, again, err = w.follow(ctx, sub)
	if again {
		for i, write := range writes {
			if row, is := write.(SaveCustomerProduct); is && row.Product.SubscriptionID == id && row.Product.Status == billing.Expired {
				row.Due = w.caller.Now.Add(firstRetry)
				writes[i] = row
			}
		}
		return writes, true, nil
	}
	var over []Write
	for _, cp := range w.state.Products {
		if cp.SubscriptionID == id && cp.Status == billing.Expired && !sub.EndedAt.IsZero() {
			over = append(over, SaveCustomerProduct{Key: w.state.Customer.Key(), Product: cp})
		}
	}
	if len(over) > 0 {
		writes = append(append(writes, SaveCustomer{w.state.Customer}), over...)
	}
	return writes, false, err
}

// checkCard lets a product go on that was to end with its free periods, if there is a
// card by now.
func (w *work) checkCard(ctx context.Context, cp billing.CustomerProduct) (step, error) {
	c, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
	if err != nil {
		return step{}, err
	}
	if c.Card == "" {
		_, err := w.saveCustomer(ctx, w.caller, w.state, SaveCustomerProduct{Key: w.state.Customer.Key(), Product: cp.WithoutCard(w.caller.Now)})
		return step{}, err
	}
	d, err := billing.DecideGoesOn(w.state, w.catalog, cp, w.caller.Now)
	if err != nil {
		return step{}, err
	}
	return carryOut(billing.Operation{ID: w.NewID(), Command: "go_on", Actor: w.caller.Actor, Decision: d, CreatedAt: w.caller.Now}), nil
}
