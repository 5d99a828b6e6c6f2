package app

import (
	"context"
	"reflect"
	"time"

	"windfall/shared/billing"
	"windfall/shared/credit"
)

// postCredits tells Stripe of credits that it does not know yet, or that have expired;
// it reports whether there was anything to tell.
func (w *work) postCredits(ctx context.Context, key string) (told bool, err error) {
	_, err = w.run(ctx, moneyCommand{
		load: func(ctx context.Context, w *work) (found bool, err error) {
			w.state, found, err = w.Store.State(ctx, w.caller.Env, key)
			return found && !w.state.Credits.Empty(), err
		},
		decide: func(_ context.Context, w *work) (step, error) {
			d, due := w.state.PostCredits(w.caller.Now)
			if told = told || due; !due {
				return step{}, nil
			}
			return carryOut(billing.Operation{ID: w.NewID(), Command: billing.CommandCredits, Actor: w.caller.Actor, Decision: d, CreatedAt: w.caller.Now}), nil
		}})
	return told, err
}

// payByCredits puts lines on the draft of a subscription's invoice by which credits for
// some of its prices pay. What they pay is reserved first, so that no other invoice
// uses it, however often this is tried. Two requests and two calls for each line; none
// without such credits.
func (w work) payByCredits(ctx context.Context, in billing.Invoice) (work, billing.Invoice, error) {
	if in.Status != "draft" || in.SubscriptionID == "" || !w.state.Credits.Scoped() {
		return w, in, nil
	}
	after, uses := w.state.Credits.Use(in.StripeID, in.Charges, in.Total, w.caller.Now)
	if len(uses) == 0 {
		return w, in, nil
	}
	if writes := w.creditsAfter(after); len(writes) > 0 {
		if err := w.commit(ctx, writes...); err != nil {
			return w, in, err
		}
		after.Version++
		w.state.Credits = after
	}
	ref := Ref{OperationID: "credits_" + in.StripeID, CustomerID: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID, CreatedAt: in.CreatedAt, Now: w.caller.Now}
	for _, u := range uses {
		ask := billing.PayByCredits(u, in.StripeID, in.StripeID, in.CreatedAt)
		if _, err := w.Payments.Perform(ctx, w.caller.Env, ref, billing.Step{Name: ask.Name, Usage: &ask}, billing.Results{CustomerID: w.state.Customer.StripeID}); err != nil {
			return w, in, err
		}
	}
	in, err := w.Payments.Invoice(ctx, w.caller.Env, in.StripeID)
	return w, in, err
}

// bookCredits books what became of the customer's balance at Stripe, and then what is
// noted of an invoice. One call; none for a customer without credits there.
func (w work) bookCredits(ctx context.Context, of string, note func(credit.Account) credit.Account) ([]Write, error) {
	c, id := w.state.Credits, w.state.Customer.StripeID
	if c.Empty() || of != id {
		return nil, nil
	}
	if c.Posted() && c.StripeID == id {
		all, err := w.Payments.Balance(ctx, w.caller.Env, id, c.Cursor, c.Since())
		if err != nil {
			return nil, err
		}
		c = c.Book(id, all)
	}
	return w.creditsAfter(note(c)), nil
}

// creditsAfter saves credits that have changed, with the entries about it.
func (w work) creditsAfter(after credit.Account) []Write {
	if reflect.DeepEqual(w.state.Credits, after) {
		return nil
	}
	return append(w.entries(w.state.CreditMoves(after, w.caller.Actor, w.caller.Now)...), w.saveCredits(w.state.Customer.Key(), w.state.Customer.StripeID, after))
}

// lookSoon is when the schedule looks at credits that Stripe is to be told of at once,
// should this process die.
const lookSoon = time.Minute

func (w work) saveCredits(key, stripeID string, c credit.Account) Write {
	due := c.Next(stripeID, w.caller.Now)
	if due.Equal(w.caller.Now) {
		due = due.Add(lookSoon)
	}
	return SaveCredits{Key: key, Credits: c, Due: due}
}
