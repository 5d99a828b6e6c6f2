package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// Webhook takes in one Stripe event. Nothing of it is believed but its id:
// the object is read afresh, so events may come late, twice and in any order.
// What they change is saved together with the note that the event is done; an
// error makes Stripe deliver it again.
func (a *App) Webhook(ctx context.Context, caller Caller, body []byte, signature string) error {
	env, event, err := a.Payments.Event(ctx, body, signature)
	if err != nil {
		return err
	}
	caller.Env, caller.Actor = env, "stripe"
	if event.CustomerID == "" || !event.readable() || !handled(event) || event.Type == "invoice.upcoming" {
		return nil // the upcoming invoice is no object yet: there is nothing to read
	}
	if seen, err := a.Store.EventSeen(ctx, env, event.ID); seen || err != nil {
		return err
	}
	_, err = retryStale(ctx, a, func() (struct{}, error) { return struct{}{}, a.event(ctx, caller, event) })
	return err
}

// maxStripeID is the longest id that an object of Stripe has.
const maxStripeID = 255

// readable reports whether Stripe can know what the event names. Its own id may
// be any.
func (e Event) readable() bool {
	return max(len(e.CustomerID), len(e.ObjectID), len(e.Type)) <= maxStripeID
}

func handled(event Event) bool {
	switch event.ObjectType {
	case "checkout.session", "invoice", "subscription", "subscription_schedule":
		return true
	}
	return event.Type == "customer.discount.deleted"
}

func (a *App) event(ctx context.Context, caller Caller, event Event) error {
	owner, err := a.Store.StripeOwner(ctx, caller.Env, event.CustomerID)
	switch {
	case err != nil:
		return err
	case owner.Deleted():
		return a.afterDeletion(ctx, caller, owner, event)
	case owner.Key == "":
		return nil // not ours
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return err
	}
	s, found, err := a.Store.State(ctx, caller.Env, owner.Key)
	if err != nil {
		return err
	}
	if !found || owner.InternalID != "" && owner.InternalID != s.Customer.InternalID {
		return a.unfound(ctx, caller, owner, event)
	}
	if s, _, err = a.awaitIdle(ctx, caller, cat, s); err != nil {
		return err
	}
	done := EventDone{event.ID, event.Type, caller.Now}
	if len(s.Redeemed) == 0 {
		return a.effect(ctx, caller, cat, s, event, done)
	}
	// What the event brings is saved first, as it may be a purchase that a
	// reward waits for; a crash before the end brings the event again.
	if err := a.effect(ctx, caller, cat, s, event); err != nil {
		return err
	}
	if err := a.rewardPurchases(ctx, caller, cat, s.Customer.Key()); err != nil {
		return err
	}
	return a.commit(ctx, caller.Env, done)
}

// unfound takes in an event whose customer is not where the look-up says: it
// moves to another key at this moment, or is deleted. The look-up of a Stripe
// customer from before the last one is left behind; it must not lead to who has
// the same id today.
func (a *App) unfound(ctx context.Context, caller Caller, owner billing.StripeOwner, event Event) error {
	now, err := a.Store.StripeOwner(ctx, caller.Env, event.CustomerID)
	if err != nil {
		return err
	}
	if now != owner {
		return refusal.ErrStale
	}
	if owner.Key = ""; !owner.Deleted() {
		return nil // nobody knows any more whose it was
	}
	return a.afterDeletion(ctx, caller, owner, event)
}

// effect does what an event brings; done is saved together with it. An event of
// something that Stripe has forgotten brings nothing.
func (a *App) effect(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, event Event, done ...Write) error {
	err := a.bring(ctx, caller, cat, s, event, done...)
	if !errors.Is(err, ErrGone) {
		return err
	}
	writes, err := a.forgotten(ctx, caller, s, event)
	if err != nil {
		return err
	}
	return a.commit(ctx, caller.Env, append(writes, done...)...)
}

func (a *App) bring(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, event Event, done ...Write) error {
	switch event.ObjectType {
	case "checkout.session":
		return a.sessionEvent(ctx, caller, cat, s, event, done...)
	case "invoice":
		return a.invoiceEvent(ctx, caller, cat, s, event, done...)
	case "discount": // the next one may be applied, if that is how it is at Stripe
		if err := a.applyNext(ctx, caller, cat, s); err != nil {
			return err
		}
		return a.commit(ctx, caller.Env, done...)
	}
	return a.subscriptionEvent(ctx, caller, cat, s, event, done...)
}

func (a *App) sessionEvent(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, event Event, done ...Write) error {
	session, err := a.Payments.Session(ctx, caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	op := s.Operation(session.OperationID)
	if op == nil || session.Status == "open" {
		return a.commit(ctx, caller.Env, done...) // dealt with before, or not ours
	}
	return a.pageClosed(ctx, caller, cat, s, *op, session, done...)
}

func (a *App) invoiceEvent(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, event Event, done ...Write) error {
	invoice, err := a.Payments.Invoice(ctx, caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	invoice, settled, err := a.billUsage(ctx, caller, cat, s, invoice)
	if err != nil {
		return err
	}
	if event.Type == "invoice.created" {
		settled = append(settled, a.compareRenewal(caller, cat, s, invoice)...)
	}
	known := append(settled, done...)
	err = a.commit(ctx, caller.Env, append(known, SaveInvoice{s.Customer.InternalID, invoice, a.NewID()})...)
	if ConflictIn[SaveInvoice](err) {
		return a.commit(ctx, caller.Env, known...) // a later state of it is known
	}
	return err
}

func (a *App) subscriptionEvent(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, event Event, done ...Write) error {
	sub, err := a.Payments.Subscription(ctx, caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	writes, unbilled, err := a.follow(ctx, caller, cat, s, sub)
	if err != nil {
		return err
	}
	if !unbilled {
		return a.commit(ctx, caller.Env, append(writes, done...)...)
	}
	if err := a.commit(ctx, caller.Env, writes...); err != nil {
		return err
	}
	return refusal.ErrStale
}
