package app

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/credit"
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
	if !event.readable() || !handled(event) || event.Type == "invoice.upcoming" {
		return nil // the upcoming invoice is no object yet: there is nothing to read
	}
	if event.CustomerID == "" && event.ObjectType != "charge" {
		return nil
	}
	seen, failed, err := a.Store.EventSeen(ctx, env, event.ID)
	if seen || err != nil {
		return err
	}
	if event.CustomerID == "" {
		if err := a.ownerOfPayment(ctx, caller, &event); errors.Is(err, ErrGone) || err == nil && event.CustomerID == "" {
			return nil
		} else if err != nil {
			return a.noteFailure(ctx, caller, event, err)
		}
	}
	return a.noteFailure(ctx, caller, event, a.takeIn(ctx, caller, event, failed))
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
	switch event.Type {
	case "customer.discount.deleted", "charge.refunded", "charge.refund.updated", "charge.dispute.created", "charge.dispute.closed":
		return true
	}
	return false
}

// takeIn gives an event its effect. Where more follows from the effect, the
// note that the event is done is saved last: a crash before that brings the
// event again.
func (a *App) takeIn(ctx context.Context, caller Caller, event Event, failed bool) error {
	d := delivery{event: event, failed: failed}
	w := work{App: a, caller: caller}
	_, err := w.run(ctx, moneyCommand{load: d.load, decide: d.decide})
	if event.ObjectType == "discount" {
		err = d.reward.refused(ctx, w, d.key, err)
	}
	if err != nil {
		return err
	}
	if d.credits { // what fails here, the schedule does
		w.applyRewards(ctx, billing.Earned{Credits: []string{d.key}})
	}
	if !d.follows {
		return nil
	}
	if err := a.endAccess(ctx, caller, d.key, d.ends); err != nil {
		return err
	}
	if d.payment != nil {
		if err := w.reversePurchase(ctx, payer{d.owner, d.key}, *d.payment, d.paid); err != nil {
			return err
		}
	}
	if d.turn {
		if err := w.applyReward(ctx, d.key); err != nil {
			return err
		}
	}
	if d.waits {
		if err := w.rewardPurchases(ctx, d.key); err != nil {
			return err
		}
	}
	return w.commit(ctx, d.done(w.caller)...)
}

// A delivery is an event on its way to its effect.
type delivery struct {
	event   Event
	failed  bool                // a try before failed, which is noted
	key     string              // of the customer
	owner   string              // the customer\'s internal id
	waits   bool                // a reward waits for a purchase of this customer's
	credits bool                // Stripe may have to be told of invoice credits afterwards
	turn    bool                // a subscription has ended, and its discount with it: the next one may be applied
	follows bool                // the note that the event is done is saved last
	reward  nextReward          // of a discount that has ended
	ends    []billing.AccessEnd // products of a payment that the customer has back
	payment *billing.Payment    // … that was refunded or disputed, or is the company's again
	paid    billing.Invoice     // … and what was paid, as Stripe has it; zero without an invoice
}

func (d *delivery) done(caller Caller) []Write {
	writes := []Write{EventDone{d.event.ID, d.event.Type, caller.Now}}
	if d.failed {
		writes = append(writes, ForgetFailure{d.event.ID})
	}
	return writes
}

// load finds the customer of the event. One that is not ours, or was deleted,
// has nothing to decide.
func (d *delivery) load(ctx context.Context, w *work) (found bool, err error) {
	owner, err := w.Store.StripeOwner(ctx, w.caller.Env, d.event.CustomerID)
	switch {
	case err != nil:
		return false, err
	case owner.Deleted():
		return false, w.afterDeletion(ctx, owner, d.event)
	case owner.Key == "":
		return false, nil // not ours
	}
	if w.state, found, err = w.Store.State(ctx, w.caller.Env, owner.Key); err != nil {
		return false, err
	}
	if err := w.catalogAfter(ctx); err != nil {
		return false, err
	}
	if !found || owner.InternalID != "" && owner.InternalID != w.state.Customer.InternalID {
		return false, w.unfound(ctx, owner, d.event)
	}
	return true, nil
}

// decide gives the event its effect. Where the customer's purchase may be what a
// reward waits for, the effect is saved before that reward is looked at.
func (d *delivery) decide(ctx context.Context, w *work) (step, error) {
	d.key, d.owner, d.waits = w.state.Customer.Key(), w.state.Customer.InternalID, len(w.state.Redeemed) > 0
	switch d.event.ObjectType {
	case "invoice", "charge":
		d.credits = !w.state.Credits.Empty()
	case "subscription":
		d.turn = d.event.Type == "customer.subscription.deleted" && len(w.state.Queue) > 0
	case "checkout.session":
		d.credits = slices.ContainsFunc(w.state.Operations, func(op billing.Operation) bool { return op.Decision.Given != nil && op.Decision.Given.Credits != nil })
	}
	if d.event.ObjectType == "discount" { // the next one may be applied, if that is how it is at Stripe
		d.follows = true
		return d.reward.decide(ctx, w)
	}
	if d.event.ObjectType == "charge" {
		d.follows = true
		err := d.paymentEvent(ctx, w)
		if errors.Is(err, ErrGone) {
			err = nil
		}
		return step{}, err
	}
	if d.follows = d.waits || d.turn; d.follows {
		return step{}, w.effect(ctx, d.event)
	}
	return step{}, w.effect(ctx, d.event, d.done(w.caller)...)
}

// unfound takes in an event whose customer is not where the look-up says: it
// moves to another key at this moment, or is deleted. The look-up of a Stripe
// customer from before the last one is left behind; it must not lead to who has
// the same id today.
func (w work) unfound(ctx context.Context, owner billing.StripeOwner, event Event) error {
	now, err := w.Store.StripeOwner(ctx, w.caller.Env, event.CustomerID)
	if err != nil {
		return err
	}
	if now != owner {
		return refusal.ErrStale
	}
	if owner.Key = ""; !owner.Deleted() {
		return nil // nobody knows any more whose it was
	}
	return w.afterDeletion(ctx, owner, event)
}

// effect does what an event brings; done is saved together with it. An event of
// something that Stripe has forgotten brings nothing.
func (w work) effect(ctx context.Context, event Event, done ...Write) error {
	err := w.bring(ctx, event, done...)
	if !errors.Is(err, ErrGone) {
		return err
	}
	writes, err := w.forgotten(ctx, event)
	if err != nil {
		return err
	}
	return w.commit(ctx, append(writes, done...)...)
}

func (w work) bring(ctx context.Context, event Event, done ...Write) error {
	switch event.ObjectType {
	case "checkout.session":
		return w.sessionEvent(ctx, event, done...)
	case "invoice":
		return w.invoiceEvent(ctx, event, done...)
	}
	return w.subscriptionEvent(ctx, event, done...)
}

func (w work) sessionEvent(ctx context.Context, event Event, done ...Write) error {
	session, err := w.Payments.Session(ctx, w.caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	op := w.state.Operation(session.OperationID)
	if op == nil || session.Status == "open" {
		return w.commit(ctx, done...) // dealt with before, or not ours
	}
	return w.pageClosed(ctx, *op, session, done...)
}

func (w work) invoiceEvent(ctx context.Context, event Event, done ...Write) error {
	invoice, err := w.Payments.Invoice(ctx, w.caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	w, invoice, settled, err := w.billUsage(ctx, invoice)
	if err != nil {
		return err
	}
	if event.Type == "invoice.created" {
		differs, err := w.compareRenewal(ctx, invoice)
		if err != nil {
			return err
		}
		settled = append(settled, differs...)
		if w, invoice, err = w.payByCredits(ctx, invoice); err != nil {
			return err
		}
	}
	if event.Type == "invoice.finalized" && invoice.Totals != nil && invoice.Totals.Unused != nil {
		back, err := w.putBack(ctx, invoice)
		if err != nil {
			return err
		}
		settled = append(settled, back...)
	}
	if event.Type == "invoice.payment_failed" && w.state.Uncollected(invoice) {
		settled = append(settled, w.entries(invoice.NotCollected(w.caller.Now))...)
	}
	if event.Type == "invoice.finalization_failed" && invoice.Status == "draft" {
		settled = append(settled, w.entries(invoice.NotFinalized(w.caller.Now))...)
	}
	credits, err := w.bookCredits(ctx, invoice.StripeCustomerID, func(c credit.Account) credit.Account {
		return w.settledCredits(invoice, c).Unpaid(invoice.StripeID, invoice.Status == "void" || invoice.Status == "uncollectible")
	})
	if err != nil {
		return err
	}
	if invoice.EntityID, err = w.entityBilled(ctx, invoice); err != nil {
		return err
	}
	known := append(append(settled, credits...), done...)
	return w.saveInvoice(ctx, event, invoice, known)
}

func (w work) subscriptionEvent(ctx context.Context, event Event, done ...Write) error {
	sub, err := w.Payments.Subscription(ctx, w.caller.Env, event.ObjectID)
	if err != nil {
		return err
	}
	writes, unbilled, err := w.follow(ctx, sub)
	if err != nil {
		return err
	}
	if !unbilled {
		return w.commit(ctx, append(writes, done...)...)
	}
	if err := w.commit(ctx, writes...); err != nil {
		return err
	}
	return refusal.ErrStale
}
