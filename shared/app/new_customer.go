package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// CreateCustomer makes a customer who must not be there: GetOrCreate for a person, who would
// not notice that a known one was only filled in. With an id it claims a customer who was prepared
// with the same e-mail address. The errors are customer_id_taken and email_prepared.
func (a *App) CreateCustomer(ctx context.Context, caller Caller, id string, d billing.CustomerData) (billing.State, error) {
	if id == "" && d.Email == "" {
		return billing.State{}, refusal.Invalid(ReasonIDOrEmailMissing)
	}
	if err := d.Check(); err != nil {
		return billing.State{}, err
	}
	w := work{App: a, caller: caller}
	return RetryStale(ctx, a.Pause, func() (billing.State, error) {
		if id == "" {
			key, err := a.Store.KeyByEmail(ctx, caller.Env, d.Email)
			if err == nil && key != "" {
				err = refusal.Conflict(ReasonEmailPrepared, d.Email)
			}
			if err != nil {
				return billing.State{}, err
			}
			return w.create(ctx, billing.CreateCustomer{Data: d})
		}
		if err := billing.CheckNewCustomerID(id); err != nil {
			return billing.State{}, err
		}
		s, found, err := a.Store.State(ctx, caller.Env, id)
		if err == nil && found {
			err = refusal.Conflict(ReasonCustomerIDTaken, id)
		}
		if err != nil {
			return s, err
		}
		return w.claimOrCreate(ctx, billing.CreateCustomer{ID: id, Data: d}, func() error { return nil })
	})
}
