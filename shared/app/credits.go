package app

import (
	"context"
	"errors"
	"reflect"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// postCredits tells Stripe of credits that it does not know yet, or that have expired;
// it reports whether there was anything to tell.
func (w *work) postCredits(ctx context.Context, key string) (told bool, err error) {
	_, err = w.run(ctx, moneyCommand{
		load: func(ctx context.Context, w *work) (found bool, err error) {
			w.state, found, err = w.Store.State(ctx, w.caller.Env, key)
			return found && !w.state.Credits.Empty(), err
		},
		decide: func(ctx context.Context, w *work) (step, error) {
			if w.state.Customer.Currency == "" {
				if err := w.needCatalog(ctx, true); err != nil {
					return step{}, err
				}
			}
			d, due := w.state.PostCredits(w.catalog, w.caller.Now)
			if told = told || due; !due {
				return step{}, nil
			}
			return carryOut(billing.Operation{ID: w.NewID(), Command: billing.CommandCredits, Actor: w.caller.Actor, Decision: d, CreatedAt: w.caller.Now}), nil
		}})
	return told, err
}

// payByCredits puts lines on the draft of a subscription's invoice by which credits for
// some of its prices pay. What they pay is reserved first, so that no other invoice
// uses it, however often this is tried. Two calls and one for each line, and one
// request; none without such credits.
func (w work) payByCredits(ctx context.Context, in billing.Invoice) (work, billing.Invoice, error) {
	if in.Status != "draft" || !w.state.Credits.Scoped() || !w.state.Bills(in.SubscriptionID, w.caller.Now) {
		return w, in, nil
	}
	bill, err := w.Payments.CreditBill(ctx, w.caller.Env, in.StripeID)
	if err != nil || !bill.Draft {
		return w, in, err
	}
	after, uses := w.state.Credits.Use(in.StripeID, bill, w.caller.Now)
	if writes := w.creditsAfter(after); len(writes) > 0 { // unless the subscription ends at this moment
		if w.state, err = w.saveCustomer(ctx, w.caller, w.state, writes...); err != nil {
			return w, in, err
		}
		w.state.Credits = after.Pruned(w.caller.Now)
		w.state.Credits.Version++
	}
	if len(uses) == 0 {
		return w, in, nil
	}
	ref := Ref{OperationID: "credits_" + in.StripeID, CustomerID: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID, CreatedAt: in.CreatedAt, Now: w.caller.Now}
	for _, u := range uses {
		ask := billing.PayByCredits(u, in.StripeID, in.StripeID, in.CreatedAt, in.Currency)
		if _, err := w.Payments.Perform(ctx, w.caller.Env, ref, billing.Step{Name: ask.Name, Usage: &ask}, billing.Results{CustomerID: w.state.Customer.StripeID}); err != nil {
			return w, in, err
		}
	}
	in, err = w.Payments.Invoice(ctx, w.caller.Env, in.StripeID)
	return w, in, err
}

// payAlone lets credits pay for use that is billed on invoices of its own. What is
// reserved for use that another process has billed otherwise is given back, as soon as
// nobody can be at work on it any more.
func (w work) payAlone(ctx context.Context, bill billing.UsageBill) (work, error) {
	if !w.state.Credits.Scoped() {
		return w, nil
	}
	var keys []string
	for _, job := range bill.Jobs {
		keys = append(keys, job.Key)
	}
	after := w.state.Credits.Abandoned(w.caller.Now.Add(-stale), keys...)
	for _, job := range bill.Jobs {
		for _, step := range job.Steps {
			if step.Invoice == nil {
				continue
			}
			of := credit.Bill{Currency: step.Invoice.Currency, Lines: len(step.Invoice.Usage), Total: money.MaxAmount}
			for _, u := range step.Invoice.Usage {
				of.Charges = append(of.Charges, credit.Charge{ItemID: u.ItemID, Amount: u.Amount})
			}
			var uses []credit.Use
			after, uses = after.Use(job.Key, of, w.caller.Now)
			for _, u := range uses {
				step.Invoice.Credits = append(step.Invoice.Credits, billing.PayByCredits(u, job.Key, "", job.ClosedAt, step.Invoice.Currency))
			}
		}
	}
	return w.savedCredits(ctx, after)
}

// paidAlone books what the invoice of a job has of what was reserved for it: nothing
// where another invoice has the use, or nobody is left to pay for it.
func (w work) paidAlone(ctx context.Context, job billing.UsageJob, made *billing.Invoice) (work, error) {
	if made != nil {
		return w.savedCredits(ctx, w.settledCredits(*made, w.state.Credits))
	}
	return w.savedCredits(ctx, w.state.Credits.Released(job.Key))
}

// savedCredits saves credits at once, before Stripe is asked, and goes on with them.
func (w work) savedCredits(ctx context.Context, after credit.Account) (work, error) {
	writes := w.creditsAfter(after)
	if len(writes) == 0 {
		return w, nil
	}
	err := w.commit(ctx, writes...)
	w.state.Credits = after.Pruned(w.caller.Now)
	w.state.Credits.Version++
	return w, err
}

// reserveCredits reserves what credits pay of a change, in the transaction that records
// it.
func (w work) reserveCredits(operationID string, d billing.Decision) []Write {
	if len(d.CreditUses) == 0 {
		return nil
	}
	return w.creditsAfter(w.state.Credits.Reserve(operationID, d.CreditUses, w.caller.Now))
}

// releaseCredits gives back what was reserved for a change that came to nothing.
func (w work) releaseCredits(op billing.Operation) []Write {
	if len(op.Decision.CreditUses) == 0 {
		return nil
	}
	return w.creditsAfter(w.state.Credits.Released(op.ID))
}

// unusedDrafts gives back what is reserved for drafts that a subscription has left
// which has ended, whoever ended it: what is to be issued of them is issued by now. One
// call for each invoice that something is reserved for.
func (w work) unusedDrafts(ctx context.Context, subscriptionID string) ([]Write, error) {
	after := w.state.Credits
	for _, id := range after.ReservedFor() {
		bill, err := w.Payments.CreditBill(ctx, w.caller.Env, id)
		switch {
		case errors.Is(err, ErrGone):
			bill = credit.Bill{}
		case err != nil:
			return nil, err
		case bill.Draft && bill.Subscription != subscriptionID:
			continue
		case bill.Draft:
			bill.Paid = nil
		}
		after = after.Settled(id, "", bill.Paid, w.caller.Now)
	}
	return w.creditsAfter(after), nil
}

// settledCredits books what an issued invoice has of credits for some prices, unless that
// may be forgotten by now.
func (w work) settledCredits(in billing.Invoice, c credit.Account) credit.Account {
	if in.Status == "draft" || in.Totals == nil || credit.LongOver(in.CreatedAt, w.caller.Now) {
		return c
	}
	return c.Settled(in.StripeID, in.OperationID, in.Totals.Credits, w.caller.Now)
}

// takesCredits refuses one grant more than a customer may have.
func takesCredits(r catalog.Reward, s billing.State) error {
	if r.Type == catalog.InvoiceCredits && s.Credits.Full() {
		return refusal.Invalid(ReasonCreditsTooMany, credit.MostLive)
	}
	return nil
}

// bookCredits books what became of the customer's balance at Stripe, and then what is
// noted of an invoice, which may be of a former Stripe customer. One call; none for a
// customer without credits there.
func (w work) bookCredits(ctx context.Context, of string, note func(credit.Account) credit.Account) ([]Write, error) {
	c, id := w.state.Credits, w.state.Customer.StripeID
	if c.Empty() {
		return nil, nil
	}
	if of == id && c.Posted() && c.StripeID == id {
		switch all, err := w.Payments.Balance(ctx, w.caller.Env, id, c.Cursor, c.Since()); {
		case err == nil:
			c = c.Book(id, all)
		case !errors.Is(err, ErrGone):
			return nil, err
		}
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
	c = c.Pruned(w.caller.Now)
	due := c.Next(stripeID, w.caller.Now)
	if due.Equal(w.caller.Now) {
		due = due.Add(lookSoon)
	}
	return SaveCredits{Key: key, Credits: c, Due: due}
}
