package app

import (
	"context"
	"time"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// customer reads a customer whole. An unknown id is created, with the default
// products; details sent for a known one only fill blanks. A caller with a
// publishable key creates and fills nothing: the answer for an unknown customer is
// a new one, unsaved. It returns refusal.ErrStale when another call was faster.
func (w work) customer(ctx context.Context, id string, d billing.CustomerData) (billing.State, error) {
	return w.customerFor(ctx, id, d, func() error { return nil })
}

// customerFor is customer for a command that may be refused: allowed decides
// before the customer is created, so that a refusal creates none.
func (w work) customerFor(ctx context.Context, id string, d billing.CustomerData, allowed func() error) (billing.State, error) {
	if err := billing.CheckCustomerID(id); err != nil {
		return billing.State{}, err
	}
	if w.caller.Publishable {
		return w.asNew(ctx, id)
	}
	if err := d.Check(); err != nil {
		return billing.State{}, err
	}
	s, found, err := w.Store.State(ctx, w.caller.Env, id)
	switch {
	case err != nil:
		return s, err
	case !found:
		return w.claimOrCreate(ctx, billing.CreateCustomer{ID: id, Data: d}, allowed)
	}
	changed, err := w.fill(ctx, &s, d)
	if err != nil || !changed {
		return s, err
	}
	return w.saveCustomer(ctx, w.caller, s)
}

// fill takes over what is said of a customer and still unknown, and tells Stripe an
// address that it does not have yet, if the function speaks to Stripe.
func (w *work) fill(ctx context.Context, s *billing.State, d billing.CustomerData) (changed bool, err error) {
	if d.Currency == "" && d.BilledIn == "" {
		changed = s.Customer.FillBlanks(d)
	} else {
		if err := w.needCatalog(ctx, true); err != nil {
			return false, err
		}
		if changed, err = s.Fill(w.catalog, d); err != nil {
			return false, err
		}
	}
	if !s.Customer.AddressUntold || s.Customer.StripeID == "" || w.Payments == nil {
		return changed, nil
	}
	s.Customer.AddressUntold = false
	return true, w.tellStripe(ctx, w.caller, s.Customer, s.Customer, s.Customer.Address)
}

// knownCustomer is customer for a command that needs nothing more of it: it is
// tried again until no other call was faster.
func (w work) knownCustomer(ctx context.Context, id string, d billing.CustomerData) (billing.State, error) {
	return RetryStale(ctx, w.Pause, func() (billing.State, error) { return w.customer(ctx, id, d) })
}

// asNew reads a customer whole, and an unknown one as it would begin.
func (w work) asNew(ctx context.Context, id string) (billing.State, error) {
	if err := w.needCatalog(ctx, false); err != nil {
		return billing.State{}, err
	}
	return w.imagined(ctx, id, billing.CustomerData{})
}

// existing reads a customer that must be there.
func (a *App) existing(ctx context.Context, caller Caller, id string) (billing.State, error) {
	if err := billing.CheckCustomerID(id); err != nil {
		return billing.State{}, err
	}
	s, found, err := a.Store.State(ctx, caller.Env, id)
	if err == nil && !found {
		err = refusal.ErrCustomerNotFound(id)
	}
	return s, err
}

// saveCustomer saves the customer row alone.
func (a *App) saveCustomer(ctx context.Context, caller Caller, s billing.State, more ...Write) (billing.State, error) {
	err := a.Store.Commit(ctx, caller.Env, append([]Write{SaveCustomer{s.Customer}}, more...)...)
	s.Customer.Version++
	return s, err
}

// claimOrCreate gives an id to a customer that was prepared with the same
// e-mail address, or creates a new one if that is allowed.
func (w work) claimOrCreate(ctx context.Context, cmd billing.CreateCustomer, allowed func() error) (billing.State, error) {
	if err := billing.CheckNewCustomerID(cmd.ID); err != nil {
		return billing.State{}, err
	}
	prepared, err := w.preparedFor(ctx, cmd.Data)
	if err != nil {
		return billing.State{}, err
	}
	if prepared != "" {
		return w.claim(ctx, prepared, cmd)
	}
	if err := allowed(); err != nil {
		return billing.State{}, err
	}
	return w.create(ctx, cmd)
}

// create makes a new customer. It returns refusal.ErrStale when another call
// was faster.
func (w work) create(ctx context.Context, cmd billing.CreateCustomer) (billing.State, error) {
	if err := w.needCatalog(ctx, false); err != nil {
		return billing.State{}, err
	}
	if err := cmd.Data.CheckBeginning(w.catalog); err != nil {
		return billing.State{}, err
	}
	cmd.InternalID, cmd.Actor, cmd.Now = "cus_"+w.NewID(), w.caller.Actor, w.caller.Now
	done := billing.NewCustomerOf(w.catalog, cmd)
	writes := w.begins(done.Customer.Key(), done)
	if cmd.ID == "" {
		writes = append(writes, ReserveEmail{cmd.Data.Email, cmd.InternalID})
	}
	if cmd.StripeID != "" {
		writes = append(writes, LinkStripe{StripeID: cmd.StripeID, Key: done.Customer.Key(), InternalID: done.Customer.InternalID})
	}
	err := w.Store.Commit(ctx, w.caller.Env, writes...)
	if ConflictIn[ClaimTrial](err) && !cmd.NoTrials {
		cmd.NoTrials = true
		return w.create(ctx, cmd)
	}
	return done.State(), err
}

// A CustomerQuery asks for a page of customers.
type CustomerQuery struct {
	Search string // as billing.CheckSearch reads it; "" lists all, newest first
	Cursor string // of the page before; "" is the first
	Offset int    // how many to skip
	Limit  int
	Oldest bool      // the oldest first; not with a search
	From   time.Time // made then or later; zero for any time. Not with a search
	To     time.Time // made then or before; zero for any time. Not with a search
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
		look := q
		look.Cursor, look.Limit = from, min(maxSkipped, q.Offset-skipped+q.Limit-shown+1)
		page, next, err := a.Store.Customers(ctx, caller.Env, look)
		if err != nil {
			return CustomerPage{}, err
		}
		for len(page) > 0 {
			if n := min(q.Offset-skipped, len(page)); n > 0 {
				skipped, after, page = skipped+n, page[n-1].Cursor, page[n:]
				continue
			}
			if shown == q.Limit {
				return CustomerPage{Next: after}, nil
			}
			n := min(len(page), q.Limit-shown, MaxStates)
			states, err := a.states(ctx, caller, page[:n])
			if err != nil {
				return CustomerPage{}, err
			}
			for _, entry := range page[:n] {
				s, found := states[entry.Key]
				if found && entry.Holds(s.Customer) { // else it was deleted or has moved since
					fits, err := show(s)
					if err != nil || !fits {
						return CustomerPage{Next: after}, err
					}
					shown++
				}
				after = entry.Cursor
			}
			page = page[n:]
		}
		if next == "" {
			return lastPage(q, skipped+shown), nil
		}
		from, after = next, next
	}
	return CustomerPage{Next: after}, nil
}

// states reads the customers of a part of a list.
func (a *App) states(ctx context.Context, caller Caller, part []Listed) (map[string]billing.State, error) {
	keys := make([]string, len(part))
	for i, entry := range part {
		keys[i] = entry.Key
	}
	return a.Store.States(ctx, caller.Env, keys...)
}

func lastPage(q CustomerQuery, total int) CustomerPage {
	if q.Cursor != "" {
		return CustomerPage{} // what came before was not counted
	}
	return CustomerPage{Total: &total}
}
