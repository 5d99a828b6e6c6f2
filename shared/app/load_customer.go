package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// customer reads a customer whole. An unknown id is created, with the default
// products; what is said about a known one only fills blanks. A caller with a
// publishable key makes and fills nothing: an unknown customer is answered as
// it would begin.
func (a *App) customer(ctx context.Context, caller Caller, id string, d billing.CustomerData) (billing.State, error) {
	return a.customerFor(ctx, caller, id, d, func() error { return nil })
}

// customerFor is customer for a command that may be refused: allowed is asked
// before one is made, so that a refusal leaves nobody behind.
func (a *App) customerFor(ctx context.Context, caller Caller, id string, d billing.CustomerData, allowed func() error) (billing.State, error) {
	if err := billing.CheckCustomerID(id); err != nil {
		return billing.State{}, err
	}
	if caller.Publishable {
		return a.asNew(ctx, caller, id)
	}
	if err := d.Check(); err != nil {
		return billing.State{}, err
	}
	return retryStale(ctx, a, func() (billing.State, error) {
		s, found, err := a.Store.State(ctx, caller.Env, id)
		switch {
		case err != nil:
			return s, err
		case !found:
			return a.claimOrCreate(ctx, caller, billing.CreateCustomer{ID: id, Data: d}, allowed)
		case s.Customer.FillBlanks(d):
			return a.saveCustomer(ctx, caller, s)
		}
		return s, nil
	})
}

// asNew reads a customer whole, and an unknown one as it would begin.
func (a *App) asNew(ctx context.Context, caller Caller, id string) (billing.State, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return billing.State{}, err
	}
	return a.imagined(ctx, caller, cat, id, billing.CustomerData{})
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
func (a *App) claimOrCreate(ctx context.Context, caller Caller, cmd billing.CreateCustomer, allowed func() error) (billing.State, error) {
	if err := billing.CheckNewCustomerID(cmd.ID); err != nil {
		return billing.State{}, err
	}
	prepared, err := a.preparedFor(ctx, caller, cmd.Data)
	if err != nil {
		return billing.State{}, err
	}
	if prepared != "" {
		return a.claim(ctx, caller, prepared, cmd)
	}
	if err := allowed(); err != nil {
		return billing.State{}, err
	}
	return a.create(ctx, caller, cmd)
}

// create makes a new customer. It returns refusal.ErrStale when another call
// was faster.
func (a *App) create(ctx context.Context, caller Caller, cmd billing.CreateCustomer) (billing.State, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return billing.State{}, err
	}
	cmd.InternalID, cmd.Actor, cmd.Now = "cus_"+a.NewID(), caller.Actor, caller.Now
	done := billing.NewCustomerOf(cat, cmd)
	writes := a.writes(cat, done.Customer.Key(), done, caller)
	if cmd.ID == "" {
		writes = append(writes, ReserveEmail{cmd.Data.Email, cmd.InternalID})
	}
	if cmd.StripeID != "" {
		writes = append(writes, LinkStripe{StripeID: cmd.StripeID, Key: done.Customer.Key(), InternalID: done.Customer.InternalID})
	}
	err = a.Store.Commit(ctx, caller.Env, writes...)
	if ConflictIn[ClaimTrial](err) && !cmd.NoTrials {
		cmd.NoTrials = true
		return a.create(ctx, caller, cmd)
	}
	return done.State(), err
}
