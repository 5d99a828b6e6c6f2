package admin

import (
	"context"
	"errors"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// Attention deals with what waits for a person.
type Attention struct {
	app   *app.App
	store app.AttentionStore
}

// AttentionOf is for functions that may do what the webhook and the sweep do.
func AttentionOf(a *app.App) *Attention {
	store, _ := a.Store.(app.AttentionStore) // a test lists the routes without a store
	return &Attention{a, store}
}

// Counts says how much waits.
func (a *Attention) Counts(ctx context.Context, caller app.Caller) (app.AttentionCounts, error) {
	return a.store.Attention(ctx, caller.Env, caller.Now)
}

// List reads a page of what waits of one kind, newest first.
func (a *Attention) List(ctx context.Context, caller app.Caller, kind app.AttentionKind, cursor string, limit int) ([]app.Waiting, string, error) {
	return a.store.WaitingOf(ctx, caller.Env, kind, caller.Now, cursor, limit)
}

// Activity reads the newest of each kind, and of what was done in the dashboard.
func (a *Attention) Activity(ctx context.Context, caller app.Caller) (app.Activity, error) {
	return a.store.Activity(ctx, caller.Env, caller.Now)
}

// ProcessAgain gives a webhook event that failed its effect, and notes who asked for it.
func (a *Attention) ProcessAgain(ctx context.Context, caller app.Caller, eventID string) error {
	if err := a.app.ProcessAgain(ctx, caller, a.store, eventID); err != nil {
		return err
	}
	return a.note(ctx, caller, app.ActivityLog, "process_again", "The webhook event "+eventID+", which had failed, was processed again.")
}

// Finish carries an operation that was left behind to its end, and notes who asked for it.
// done is false while its page is open. The error is refusal.ErrBusy while a process runs
// it; one that has ended is done.
func (a *Attention) Finish(ctx context.Context, caller app.Caller, customerKey, operationID string) (done bool, err error) {
	people, err := a.app.Store.CustomersByKey(ctx, caller.Env, customerKey)
	if err != nil {
		return false, err
	}
	c, found := people[customerKey]
	if !found {
		return false, refusal.ErrCustomerNotFound(customerKey)
	}
	if done, err = a.app.FinishOperation(ctx, caller, customerKey, operationID); err != nil || !done {
		return false, err
	}
	return true, a.store.Commit(ctx, caller.Env, app.AuditOf(c, a.entry(caller, "finish_operation", "The operation "+operationID+", which had been left behind, was carried to its end.")))
}

// Seen takes an entry about an invoice off the list. One that was seen before stays as it is.
// The customer is that of the entry: its Path, or the internal id where it has none.
func (a *Attention) Seen(ctx context.Context, caller app.Caller, customer, auditID string) error {
	internalID, _, _ := strings.Cut(customer, "~")
	of := billing.Customer{InternalID: internalID}
	s, err := a.app.CustomerAt(ctx, caller, customer)
	if err == nil && s.Customer.InternalID == internalID {
		of = s.Customer
	} else if err != nil && !errors.Is(err, refusal.ErrCustomerNotFound("")) {
		return err
	}
	err = a.store.Commit(ctx, caller.Env, app.MismatchSeen{InternalID: internalID, AuditID: auditID, By: caller.Actor},
		app.AuditOf(of, a.entry(caller, "invoice_seen", "The difference of an invoice that entry "+auditID+" tells of was seen.")))
	if app.ConflictIn[app.MismatchSeen](err) {
		return nil
	}
	return err
}

// NoteUser notes what was done about a user of the dashboard. Users belong to no environment: it is noted in that of who did it.
func (a *Attention) NoteUser(ctx context.Context, caller app.Caller, action, why string) error {
	return a.note(ctx, caller, app.UsersLog, action, why)
}

func (a *Attention) note(ctx context.Context, caller app.Caller, of, action, why string) error {
	return a.store.Commit(ctx, caller.Env, app.AddAudit{InternalID: of, Audit: a.entry(caller, action, why)})
}

func (a *Attention) entry(caller app.Caller, action, why string) billing.Audit {
	return billing.Audit{ID: a.app.NewID(), At: caller.Now, Actor: caller.Actor, Action: action, Rule: "operator", Why: why}
}
