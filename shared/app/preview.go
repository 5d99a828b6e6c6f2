package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Preview is the decision that Attach would take, and nothing else: no
// customer is made, nothing is saved, Stripe is only read.
func (a *App) Preview(ctx context.Context, caller Caller, cmd AttachCommand) (Preview, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Preview{}, err
	}
	if err := cmd.choose(cat, caller); err != nil {
		return Preview{}, err
	}
	return a.preview(ctx, caller, cat, cmd)
}

func (a *App) preview(ctx context.Context, caller Caller, cat *catalog.Catalog, cmd AttachCommand) (Preview, error) {
	s, err := a.imagined(ctx, caller, cat, cmd.CustomerID, cmd.Data)
	if err != nil {
		return Preview{}, err
	}
	cmd.Terms.OperationID = "preview"
	if cmd.Terms, err = cmd.Terms.Customize(s, cat); err != nil {
		return Preview{}, err
	}
	state, _, err := a.attachState(ctx, caller, cat, s, cmd)
	if err != nil {
		return Preview{}, err
	}
	decision, err := billing.DecideAttach(state, cmd.Terms)
	decision.Lines = append(decision.Lines, decision.SeatsDue(state.State, cat, caller.Now)...)
	return Preview{State: state, Decision: decision, Products: cmd.Terms.Products}, err
}

// imagined reads a customer whole. An unknown one is as it would begin, and is
// not made.
func (a *App) imagined(ctx context.Context, caller Caller, cat *catalog.Catalog, id string, d billing.CustomerData) (billing.State, error) {
	s, found, err := a.Store.State(ctx, caller.Env, id)
	if err == nil && !found {
		if err := billing.CheckNewCustomerID(id); err != nil {
			return s, err // attach would not make them either
		}
		s = billing.NewCustomerOf(cat, billing.CreateCustomer{ID: id, InternalID: "cus_preview", Data: d, Now: caller.Now}).State()
	}
	return s, err
}

// A Preview is what an attach would do.
type Preview struct {
	State    billing.AttachState
	Decision billing.Decision
	Products []catalog.Product
}
