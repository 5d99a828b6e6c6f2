package billing

import (
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/ledger"
)

// Crediting is the end of a subscription that an operation credits the time left of; nil
// without one.
func (op Operation) Crediting() *EndSubscription {
	for _, s := range op.Decision.Steps {
		if s.End != nil && s.End.Refund {
			return s.End
		}
	}
	return nil
}

// CreditAgain decides the credit of an interrupted operation again, by what is paid by now: a
// payment may have gone back since, or come in. sub is the subscription at Stripe, which knows
// nothing of the credit. One that has ended there takes none: what its end credits was decided
// there, and only the seats, of which Stripe knows nothing, are credited.
func (op Operation) CreditAgain(s State, c *catalog.Catalog, sub Subscription, billed Bills) Operation {
	was, s := op.Crediting(), s.Of(op.Decision.Entity)
	c, billed = s.In(c), billed.without(op.ID)
	at := slices.IndexFunc(s.Products, func(cp CustomerProduct) bool {
		return cp.SubscriptionID == was.SubscriptionID && op.endsNow(s, c, cp, op.CreatedAt)
	})
	if at < 0 {
		return op
	}
	again := Decision{Start: op.Decision.Start, End: op.Decision.End, Entity: op.Decision.Entity, Currency: op.Decision.Currency}
	// An error is of what follows the end, which stays as it was decided.
	again, _ = s.ended(c, again, s.Products[at], Cancel{OperationID: op.ID, Refund: true, Billed: billed, Now: op.CreatedAt})
	var steps []Step
	for _, step := range again.Steps {
		known := slices.ContainsFunc(op.Decision.Steps, func(s Step) bool { return s.Name == step.Name })
		if step.Price != nil && !known {
			steps = append(steps, step)
		}
	}
	i := slices.IndexFunc(again.Steps, func(s Step) bool { return s.End != nil })
	ask := again.Steps[i].End
	ask.Remove, ask.Again = was.Remove, true
	for _, old := range was.Withheld { // it may wait at Stripe
		if !slices.ContainsFunc(ask.Withheld, func(n NewUsage) bool { return n.Name == old.Name }) {
			old.Amount = 0
			ask.Withheld = append(ask.Withheld, old)
		}
	}
	if sub.status() == Expired {
		seats := s.paidSeats(c, s.ledger(c, billed, was.SubscriptionID, op.CreatedAt), s.Products[at], op.CreatedAt)
		ask.Refund, again.Sum, again.Lines = false, "", billed.LowerAlone(Decision{}, nonzero(seats))
		op.Decision.Why += " Stripe had ended the subscription by then: what that credits was decided there."
	}
	for _, step := range op.Decision.Steps {
		if step.End == was {
			step.End = ask
		}
		steps = append(steps, step)
	}
	op.Decision.Steps = steps
	if op.Decision.Sum != "" { // else the credit is on no invoice that the decision tells of
		op.Decision.Lines, op.Decision.Sum, op.Decision.Running = again.Lines, again.Sum, again.Running
	}
	return op
}

// without leaves out what an operation itself has put on invoices, or lets wait for one.
func (b Bills) without(operationID string) Bills {
	own := func(l ledger.Line) bool { return l.Operation == operationID }
	b.Waiting = slices.DeleteFunc(slices.Clone(b.Waiting), func(w ledger.WaitingItem) bool { return own(w.Line) })
	b.Invoices = slices.Clone(b.Invoices)
	for i := range b.Invoices {
		b.Invoices[i].Lines = slices.DeleteFunc(slices.Clone(b.Invoices[i].Lines), own)
	}
	return b
}
