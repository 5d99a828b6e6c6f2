package app

import (
	"cmp"
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A CustomerCommand creates, gets or changes a customer. Nil fields say
// nothing.
type CustomerCommand struct {
	ID          string
	Data        billing.CustomerData
	StripeID    string // link this Stripe customer
	MakeStripe  bool   // create_in_stripe
	Receipts    *bool
	NewID       *string
	Name, Email *string
	Fingerprint *string
	Metadata    map[string]any   // merged key by key; nil deletes a key
	Address     *billing.Address // replaces the one before
}

// GetOrCreate returns the customer with this id, creating it when unknown. A
// customer without id is known by its e-mail address until one is claimed.
func (a *App) GetOrCreate(ctx context.Context, caller Caller, cmd CustomerCommand) (billing.State, error) {
	if cmd.ID == "" && cmd.Data.Email == "" {
		return billing.State{}, refusal.Invalid(ReasonIDOrEmailMissing)
	}
	if err := cmd.Data.Check(); err != nil {
		return billing.State{}, err
	}
	var err error
	if cmd.Data.BilledIn, err = a.checkStripeID(ctx, caller, cmd); err != nil {
		return billing.State{}, err
	}
	s, err := a.getOrCreate(ctx, caller, cmd)
	if err != nil {
		return s, err
	}
	return a.linkStripe(ctx, caller, s, cmd)
}

func (a *App) getOrCreate(ctx context.Context, caller Caller, cmd CustomerCommand) (billing.State, error) {
	w := work{App: a, caller: caller}
	if cmd.ID != "" {
		if err := a.knownLinkStays(ctx, caller, cmd); err != nil {
			return billing.State{}, err
		}
		return w.knownCustomer(ctx, cmd.ID, cmd.Data)
	}
	return RetryStale(ctx, a.Pause, func() (billing.State, error) {
		key, err := a.Store.KeyByEmail(ctx, caller.Env, cmd.Data.Email)
		if err != nil {
			return billing.State{}, err
		}
		if key == "" {
			return w.create(ctx, billing.CreateCustomer{Data: cmd.Data, StripeID: cmd.StripeID})
		}
		s, found, err := a.Store.State(ctx, caller.Env, key)
		switch {
		case err != nil:
			return s, err
		case !found:
			return s, refusal.ErrStale // claimed at this moment
		}
		if err := a.linkStays(ctx, caller, s, cmd); err != nil {
			return s, err
		}
		changed, err := w.fill(ctx, &s, cmd.Data)
		if err != nil || !changed {
			return s, err
		}
		return a.saveCustomer(ctx, caller, s)
	})
}

// checkStripeID refuses a Stripe customer who is not there, or who is another
// customer's, before anything is saved. One that is not linked yet is billed in a currency.
func (a *App) checkStripeID(ctx context.Context, caller Caller, cmd CustomerCommand) (billedIn money.Currency, err error) {
	if cmd.StripeID == "" {
		return "", nil
	}
	if err := billing.CheckStripeID(cmd.StripeID); err != nil {
		return "", err
	}
	c, err := a.Payments.Customer(ctx, caller.Env, cmd.StripeID)
	if err == nil && !c.Found {
		err = refusal.Invalid(ReasonStripeCustomerUnknown, cmd.StripeID)
	}
	if err != nil {
		return "", err
	}
	owner, err := a.Store.StripeOwner(ctx, caller.Env, cmd.StripeID)
	switch {
	case err != nil || owner.Key != "" && owner.Key == cmd.ID:
		return "", err
	case owner.Key == "" && cmd.Data.Currency != "" && c.Currency != "" && cmd.Data.Currency != c.Currency:
		return "", refusal.Invalid(billing.ReasonCurrencyAtStripe, cmp.Or(cmd.ID, cmd.Data.Email), cmd.Data.Currency, c.Currency)
	case owner.Key == "":
		return c.Currency, nil
	}
	if cmd.Data.Email != "" {
		prepared, err := a.Store.KeyByEmail(ctx, caller.Env, cmd.Data.Email)
		if err != nil || prepared == owner.Key {
			return "", err
		}
	}
	return "", refusal.Conflict(ReasonStripeCustomerTaken, cmd.StripeID)
}

// GetCustomer reads a customer that must be there.
func (a *App) GetCustomer(ctx context.Context, caller Caller, id string) (billing.State, error) {
	return a.existing(ctx, caller, id)
}

// UpdateCustomer changes a customer's details; a new id moves the customer.
func (a *App) UpdateCustomer(ctx context.Context, caller Caller, cmd CustomerCommand) (billing.State, error) {
	if err := cmd.said().Check(); err != nil {
		return billing.State{}, err
	}
	var err error
	if cmd.Data.BilledIn, err = a.checkStripeID(ctx, caller, cmd); err != nil {
		return billing.State{}, err
	}
	s, err := RetryStale(ctx, a.Pause, func() (billing.State, error) {
		s, err := a.existing(ctx, caller, cmd.ID)
		if err != nil {
			return s, err
		}
		if err := a.linkStays(ctx, caller, s, cmd); err != nil {
			return s, err
		}
		w := work{App: a, caller: caller}
		if _, err := w.fill(ctx, &s, billing.CustomerData{Currency: cmd.Data.Currency, BilledIn: cmd.Data.BilledIn}); err != nil {
			return s, err
		}
		next := cmd.change(s.Customer)
		if err := billing.CheckMetadata(s.Customer.Metadata, next.Metadata); err != nil {
			return s, err
		}
		if next.Key() != s.Customer.Key() {
			return a.rename(ctx, caller, s, next, cmd.Address)
		}
		if err := a.tellStripe(ctx, caller, s.Customer, next, cmd.Address); err != nil {
			return s, err
		}
		more, err := a.detailWrites(caller, s.Customer, next)
		if err != nil {
			return s, err
		}
		s.Customer = next
		s, err = a.saveCustomer(ctx, caller, s, more...)
		if ConflictIn[ReserveEmail](err) && !ConflictIn[SaveCustomer](err) {
			err = refusal.Conflict(ReasonEmailPrepared, next.Email)
		}
		return s, err
	})
	if err != nil {
		return s, err
	}
	return a.linkStripe(ctx, caller, s, cmd)
}

// detailWrites are what goes with new details: the entry of the history, and of a customer
// without an id the address by which the application's first call finds them.
func (a *App) detailWrites(caller Caller, was, next billing.Customer) ([]Write, error) {
	changes := billing.DetailChanges(was, next)
	if len(changes) == 0 {
		return nil, nil
	}
	writes := []Write{AuditOf(next, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor, Action: "edit",
		Changes: changes, Why: "The customer's details were changed."})}
	if from, to := billing.EmailKey(was.Email), billing.EmailKey(next.Email); was.ID == "" && from != to {
		if to == "" {
			return nil, refusal.Invalid(ReasonEmailNeeded)
		}
		writes = append(writes, ReleaseEmail{was.Email, was.InternalID}, ReserveEmail{next.Email, was.InternalID})
	}
	return writes, nil
}

// tellStripe passes a new name, e-mail address and address on before they are saved:
// what Stripe refuses is not saved either, and saying it again changes nothing. An
// address that was not said now is not repeated: a page may have asked for a later one.
func (a *App) tellStripe(ctx context.Context, caller Caller, was, next billing.Customer, address *billing.Address) error {
	if next.StripeID == "" || was.Name == next.Name && was.Email == next.Email && address == nil {
		return nil
	}
	next.Address = address
	return a.Payments.UpdateCustomer(ctx, caller.Env, next)
}

func (a *App) rename(ctx context.Context, caller Caller, s billing.State, next billing.Customer, address *billing.Address) (billing.State, error) {
	if err := billing.CheckNewCustomerID(next.ID); err != nil {
		return s, err
	}
	if _, taken, err := a.Store.State(ctx, caller.Env, next.Key()); err != nil || taken {
		if err == nil {
			err = refusal.Conflict(ReasonCustomerIDTaken, next.ID)
		}
		return s, err
	}
	if err := a.tellStripe(ctx, caller, s.Customer, next, address); err != nil {
		return s, err
	}
	var more []Write
	if s.Customer.ID == "" {
		more = append(more, ReleaseEmail{s.Customer.Email, s.Customer.InternalID})
	}
	return a.rekey(ctx, caller, s, next, "rename", "The customer's id was changed.", more...)
}

// said returns the details in a change of the customer.
func (cmd CustomerCommand) said() billing.CustomerData {
	var d billing.CustomerData
	for _, f := range []struct{ to, from *string }{{&d.Name, cmd.Name}, {&d.Email, cmd.Email}, {&d.Fingerprint, cmd.Fingerprint}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	d.Metadata, d.Currency, d.Address = cmd.Metadata, cmd.Data.Currency, cmd.Address
	return d
}

func (cmd CustomerCommand) change(c billing.Customer) billing.Customer {
	for _, f := range []struct {
		to   *string
		from *string
	}{{&c.ID, cmd.NewID}, {&c.Name, cmd.Name}, {&c.Fingerprint, cmd.Fingerprint}, {&c.Email, cmd.Email}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if cmd.Receipts != nil {
		c.Receipts = *cmd.Receipts
	}
	if cmd.Address != nil {
		c.Address = cmd.Address
		c.AddressUntold = c.StripeID == "" && c.PendingOperation != ""
	}
	merged := map[string]any{}
	for k, v := range c.Metadata {
		merged[k] = v
	}
	for k, v := range cmd.Metadata {
		if merged[k] = v; v == nil {
			delete(merged, k)
		}
	}
	c.Metadata = merged
	return c
}

// Audit reads a page of a customer's history, newest first; see Store.Audit. That
// of a deleted customer is read by the internal id.
func (a *App) Audit(ctx context.Context, caller Caller, customerID, cursor string, limit int) ([]billing.Audit, string, error) {
	s, missing := a.existing(ctx, caller, customerID)
	if missing != nil && !errors.Is(missing, refusal.ErrCustomerNotFound("")) {
		return nil, "", missing
	}
	id := s.Customer.InternalID
	if missing != nil {
		id = customerID
	}
	entries, next, err := a.Store.Audit(ctx, caller.Env, id, cursor, limit)
	if err == nil && missing != nil && len(entries) == 0 {
		err = missing
	}
	return entries, next, err
}
