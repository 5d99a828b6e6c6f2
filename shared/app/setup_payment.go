package app

import (
	"context"

	"windfall/shared/billing"
)

// A SetupPaymentCommand asks for a page on which a customer saves a card.
type SetupPaymentCommand struct {
	CustomerID string
	Data       billing.CustomerData
	Page       billing.SetupPayment
}

// SetupPayment opens a page on which the customer saves a card; an unknown
// customer is created. The page is an operation that waits until it is
// completed, see pageClosed. While it is open, the same call gets it again.
func (a *App) SetupPayment(ctx context.Context, caller Caller, cmd SetupPaymentCommand) (Outcome, error) {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return Outcome{}, err
	}
	var side stripeSide
	return w.run(ctx, moneyCommand{keyed: true, fingerprint: cmd.fingerprint(),
		load: func(ctx context.Context, w *work) (found bool, err error) {
			w.state, err = w.customer(ctx, cmd.CustomerID, cmd.Data)
			return true, err
		},
		decide: func(ctx context.Context, w *work) (step, error) {
			if s, err := side.decide(ctx, w); err != nil || s.op != nil {
				return s, err
			}
			return cmd.decide(ctx, w)
		}})
}

func (cmd SetupPaymentCommand) decide(ctx context.Context, w *work) (step, error) {
	op := billing.Operation{ID: w.operationID(w.caller), Command: "setup_payment", Fingerprint: cmd.fingerprint(),
		Actor: w.caller.Actor, Slots: []string{billing.SetupSlot}, CreatedAt: w.caller.Now}
	open, err := w.openPages(ctx, op.Slots, w.state.Customer.StripeID)
	if err != nil {
		return step{}, err
	}
	for _, page := range open {
		if page.ID == op.ID || page.Fingerprint == op.Fingerprint {
			return answered(w.state.Customer, page), nil
		}
	}
	op.Decision = billing.DecideSetupPayment(cmd.Page, pagesOf(open))
	return carryOut(op), nil
}

// fingerprint is equal for commands that ask for the same.
func (cmd SetupPaymentCommand) fingerprint() string {
	return fingerprint([]any{cmd.CustomerID, cmd.Page})
}
