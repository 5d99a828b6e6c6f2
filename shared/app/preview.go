package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Preview is the decision that Attach would take, and nothing else: no
// customer is made, nothing is saved, Stripe is only read.
func (a *App) Preview(ctx context.Context, caller Caller, cmd AttachCommand) (Preview, error) {
	w, err := a.begin(ctx, caller)
	if err == nil {
		err = cmd.choose(w.catalog)
	}
	if err != nil {
		return Preview{}, err
	}
	return w.preview(ctx, cmd)
}

func (w work) preview(ctx context.Context, cmd AttachCommand) (Preview, error) {
	var err error
	if w.state, err = w.imagined(ctx, cmd.CustomerID, cmd.Data); err != nil {
		return Preview{}, err
	}
	cmd.Terms.OperationID = "preview"
	if cmd.Terms, err = cmd.Terms.Customize(w.state, w.catalog); err != nil {
		return Preview{}, err
	}
	state, _, err := w.attachState(ctx, cmd)
	if err != nil {
		return Preview{}, err
	}
	decision, err := w.decideAttach(ctx, state, cmd.Terms)
	decision.Lines = append(decision.Lines, decision.SeatsDue(state.State, w.catalog, w.caller.Now)...)
	return Preview{State: state, Decision: decision, Products: cmd.Terms.Products}, err
}

// imagined reads a customer whole. An unknown one is as it would begin, and is
// not made.
func (w work) imagined(ctx context.Context, id string, d billing.CustomerData) (billing.State, error) {
	s, found, err := w.Store.State(ctx, w.caller.Env, id)
	if err == nil && !found {
		if err := billing.CheckNewCustomerID(id); err != nil {
			return s, err // attach would not make them either
		}
		s = billing.NewCustomerOf(w.catalog, billing.CreateCustomer{ID: id, InternalID: "cus_preview", Data: d, Now: w.caller.Now}).State()
	}
	return s, err
}

// A Preview is what an attach would do.
type Preview struct {
	State    billing.AttachState
	Decision billing.Decision
	Products []catalog.Product
}
