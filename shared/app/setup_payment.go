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
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Outcome{}, err
	}
	slots := []string{billing.SetupSlot}
	return retryStale(ctx, a, func() (Outcome, error) {
		s, err := a.customer(ctx, caller, cmd.CustomerID, cmd.Data)
		if err != nil {
			return Outcome{}, err
		}
		if s, err = a.atStripe(ctx, caller, s.Customer.Key()); err != nil {
			return Outcome{}, err
		}
		if s, _, err = a.awaitIdle(ctx, caller, cat, s); err != nil {
			return Outcome{}, err
		}
		op := billing.Operation{ID: a.operationID(caller), Command: "setup_payment", Fingerprint: fingerprint([]any{cmd.CustomerID, cmd.Page}),
			Actor: caller.Actor, Slots: slots, CreatedAt: caller.Now}
		open, err := a.openPages(ctx, caller, cat, s, slots)
		if err != nil {
			return Outcome{}, err
		}
		for _, page := range open {
			if page.ID == op.ID || page.Fingerprint == op.Fingerprint {
				return outcome(s.Customer, page), nil
			}
		}
		op.Decision = billing.DecideSetupPayment(cmd.Page, pagesOf(open))
		return a.execute(ctx, caller, cat, s, op)
	})
}
