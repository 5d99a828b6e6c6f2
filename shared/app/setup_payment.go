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
func (a *App) SetupPayment(ctx context.Context, who Caller, cmd SetupPaymentCommand) (Outcome, error) {
	catalog, err := a.Store.Catalog(ctx, who.Env, true)
	if err != nil {
		return Outcome{}, err
	}
	slots := []string{billing.SetupSlot}
	return again(ctx, a, func() (Outcome, error) {
		s, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data)
		if err != nil {
			return Outcome{}, err
		}
		if s, err = a.atStripe(ctx, who, s.Customer.Key()); err != nil {
			return Outcome{}, err
		}
		if s, _, err = a.settled(ctx, who, catalog, s); err != nil {
			return Outcome{}, err
		}
		op := billing.Operation{ID: a.operationID(who), Command: "setup_payment", Fingerprint: fingerprint([]any{cmd.CustomerID, cmd.Page}),
			Actor: who.Actor, Slots: slots, CreatedAt: who.Now}
		open, err := a.openPages(ctx, who, catalog, s, slots)
		if err != nil {
			return Outcome{}, err
		}
		for _, page := range open {
			if page.ID == op.ID || page.Fingerprint == op.Fingerprint {
				return outcome(s.Customer, page), nil
			}
		}
		op.Decision = billing.DecideSetupPayment(cmd.Page, pagesOf(open))
		return a.execute(ctx, who, catalog, s, op)
	})
}
