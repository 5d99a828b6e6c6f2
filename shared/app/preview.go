package app

import (
	"cmp"
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/ledger"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// Preview is the decision that Attach would take, on the same way to it, and
// nothing of its own: no customer is made or claimed, nothing is asked of Stripe
// but to be read. What has happened at Stripe already, and a command that a
// crash interrupted, are taken in first, as by every command.
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

func (w work) preview(ctx context.Context, cmd AttachCommand) (found Preview, err error) {
	cmd.Terms.OperationID, w.counts, w.shows = "preview", true, true
	load := func(ctx context.Context, w *work) (_ bool, err error) {
		if cmd.Target != nil {
			w.state, err = w.existing(ctx, w.caller, cmd.CustomerID)
		} else {
			w.state, err = w.imagined(ctx, cmd.CustomerID, cmd.Data)
		}
		if err == nil {
			err = w.imagineEntity(ctx, cmd)
		}
		return true, err
	}
	decide := func(ctx context.Context, w *work) (step, error) {
		cmd := cmd // a second try begins with what was asked
		cmd.Terms.Entity = w.entity
		state, open, decision, err := cmd.plan(ctx, w)
		if err != nil {
			return step{}, err
		}
		bare := decision
		if decision.Lines, err = w.withAlone(ctx, state, bare); err != nil {
			return step{}, err
		}
		decision.Lines = append(decision.Lines, w.entitySeat...)
		state.State = state.Of(w.entity)
		if !cmd.sells() {
			if err = w.readBalance(ctx, &state, decision); err != nil {
				return step{}, err
			}
		}
		found = Preview{State: state, Decision: decision, Products: cmd.Terms.Products, open: open, bare: bare}
		return step{}, nil
	}
	_, err = w.run(ctx, moneyCommand{load: load, decide: decide})
	return found, err
}

// readBalance reads the balance that pays for use and seats which are due with no purchase:
// that has read it. One call at most.
func (w *work) readBalance(ctx context.Context, state *billing.AttachState, d billing.Decision) error {
	if d.DueNow() <= 0 || state.Customer.StripeID == "" {
		return nil
	}
	c, err := w.Payments.Customer(ctx, w.caller.Env, state.Customer.StripeID)
	state.Balance = c.Balance
	return err
}

// withAlone are the lines of a decision and those of what is billed right after it: use
// and seats, on invoices of their own.
func (w *work) withAlone(ctx context.Context, state billing.AttachState, d billing.Decision) ([]billing.Line, error) {
	use, seats := d.UseDue(state.State, w.catalog, w.caller.Now), d.SeatsDue(state.State, w.catalog, w.caller.Now)
	if len(use)+len(seats) > 0 && state.Customer.StripeID != "" {
		billed, err := w.billed(ctx)
		if err != nil {
			return nil, err
		}
		use, seats = billed.LowerAlone(d, use), billed.LowerAlone(d, seats)
	}
	return slices.Concat(d.Lines, use, state.State.PaidAlone(use, d.Currency, w.caller.Now), seats), nil
}

// imagined reads a customer whole, or the one who was prepared with the same
// e-mail address and would be claimed. An unknown one is as it would begin, and
// is not made.
func (w work) imagined(ctx context.Context, id string, d billing.CustomerData) (billing.State, error) {
	s, found, err := w.Store.State(ctx, w.caller.Env, id)
	if err != nil || found {
		return s, err
	}
	if err := billing.CheckNewCustomerID(id); err != nil {
		return s, err // attach would not make them either
	}
	prepared, err := w.preparedFor(ctx, d)
	if err != nil {
		return s, err
	}
	if prepared == "" {
		return billing.NewCustomerOf(w.catalog, billing.CreateCustomer{ID: id, InternalID: "cus_imagined", Data: d, Now: w.caller.Now}).State(), nil
	}
	if s, found, err = w.Store.State(ctx, w.caller.Env, prepared); err == nil && !found {
		err = refusal.ErrStale // claimed at this moment
	}
	return s, err
}

// A Preview is what an attach would do.
type Preview struct {
	State    billing.AttachState
	Decision billing.Decision
	Products []catalog.Product

	open []billing.Operation // pages that the attach would replace
	bare billing.Decision    // without what is billed right after it
}

// creditPaid decides, and decides again with the customer's invoices at Stripe if
// the decision gives something back, makes an invoice of a subscription, or sells to
// a customer on whom a discount runs: only what was paid is credited, what waits is
// charged with it, and the discount lowers it. So does a preview of any change, for
// the next period, and of any new subscription; and an attach with a reward, which may
// lower what waits. They are read
// afresh, because a late event would make unpaid time paid.
func (w work) creditPaid(ctx context.Context, discounted bool, decide func(billing.Bills) (billing.Decision, error)) (billing.Decision, error) {
	d, err := decide(billing.Bills{})
	wants := d.Credits() || d.InvoicesRunning() || discounted && d.Way() == reward.Purchased || w.shows && d.ChangesRunning()
	if err == nil && !wants && (w.shows || w.waiting != nil) && d.Subscribes() && w.state.Customer.StripeID != "" {
		return w.withWaiting(ctx, decide)
	}
	if err != nil || !wants || w.state.Customer.StripeID == "" {
		return d, err
	}
	billed, err := w.billed(ctx)
	if err != nil {
		return billing.Decision{}, err
	}
	return decide(billed)
}

// A waiting is what waits for a customer's next invoice, once it is read: an attach
// with a reward decides twice.
type waiting struct {
	read  bool
	items []ledger.WaitingItem
}

// withWaiting decides a purchase with what staff left for the customer's next invoice.
func (w work) withWaiting(ctx context.Context, decide func(billing.Bills) (billing.Decision, error)) (billing.Decision, error) {
	left := w.waiting
	if left == nil {
		left = &waiting{}
	}
	if !left.read {
		items, err := w.Payments.Waiting(ctx, w.caller.Env, w.state.Customer.StripeID, w.currency())
		if err != nil {
			return billing.Decision{}, err
		}
		left.read, left.items = true, items
	}
	return decide(billing.Bills{Billed: ledger.Billed{Waiting: left.items}})
}

func (w work) billed(ctx context.Context) (billing.Bills, error) {
	billed, err := w.Payments.Billed(ctx, w.caller.Env, w.state.Customer.StripeID, w.currency(), w.state.BilledSince(w.caller.Now), w.caller.Now)
	if err == nil {
		billed.Moved, err = w.customMoved(ctx)
	}
	return billed, err
}

// currency is what the customer pays in.
func (w work) currency() money.Currency { return w.state.In(w.catalog).Currency() }

// customMoved reads the history of a customer of whom some ended products had items of
// their own, which no catalog knows.
func (w work) customMoved(ctx context.Context) ([]billing.CustomerProduct, error) {
	if !w.state.Customer.Moved.Custom {
		return nil, nil
	}
	return w.Store.MovedProducts(ctx, w.caller.Env, w.state.Customer.InternalID)
}

func (w work) decideAttach(ctx context.Context, s billing.AttachState, terms billing.Attach) (billing.Decision, error) {
	return w.creditPaid(ctx, s.Discounted, func(billed billing.Bills) (billing.Decision, error) {
		s.Billed = billed
		if terms.Updates != "" {
			return billing.DecideUpdate(s, terms)
		}
		return billing.DecideAttach(s, terms)
	})
}

// CatalogFor returns the catalog for display. A caller that may change the catalog
// sees every change at once; pages for customers may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, caller Caller) (*catalog.Catalog, error) {
	return a.Store.Catalog(ctx, caller.Env, !caller.Publishable)
}

// Offer is the effect of attaching a product for a customer, or for one of their entities; nil where they would
// be sent to a page, of an archived product where visitors ask, and of one that is not sold in their currency. It reads the whole customer, calls no Stripe and changes
// nothing.
func (a *App) Offer(ctx context.Context, caller Caller, customerID, entityID, productID string) (*billing.Offer, billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID, entityID)
	if err != nil {
		return nil, state, err
	}
	p, err := state.Catalog.Product(productID)
	if err != nil {
		return nil, state, err
	}
	if p.Archived && caller.Publishable || state.Catalog.Offered(p) != nil {
		return nil, state, nil
	}
	if err := (work{App: a, caller: caller}).trialsTaken(ctx, &state, []catalog.Product{p}); err != nil {
		return nil, state, err
	}
	return billing.DecideOffer(state, p, caller.Now), state, nil
}

// ProductsFor describes the effect that each product of the catalog would have for
// a customer, or for one of their entities.
func (a *App) ProductsFor(ctx context.Context, caller Caller, customerID, entityID string) (billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID, entityID)
	if err != nil {
		return state, err
	}
	return state, work{App: a, caller: caller}.trialsTaken(ctx, &state, state.Catalog.ListProducts(true))
}

// prospect is a customer, or an entity, to whom a product is shown. An unknown customer has the
// state of a new one.
func (a *App) prospect(ctx context.Context, caller Caller, customerID, entityID string) (billing.AttachState, error) {
	if err := cmp.Or(billing.CheckCustomerID(customerID), checkEntity(entityID)); err != nil {
		return billing.AttachState{}, err
	}
	cat, err := a.CatalogFor(ctx, caller)
	if err != nil {
		return billing.AttachState{}, err
	}
	w := work{App: a, caller: caller, catalog: cat}
	if w.state, err = w.imagined(ctx, customerID, billing.CustomerData{}); err == nil {
		err = w.loadEntity(ctx, entityID)
	}
	return billing.AttachState{State: w.state.Of(w.entity), Catalog: w.state.In(cat)}, err
}

// Paywall is the content for a customer whose check was refused; nil when it was
// allowed. It reads the whole customer.
func (a *App) Paywall(ctx context.Context, caller Caller, customerID, featureID string, access entitlement.Access) (*billing.Paywall, *catalog.Catalog, error) {
	if access.Allowed {
		return nil, nil, nil
	}
	f, cat, err := a.feature(ctx, caller, featureID)
	if err != nil {
		return nil, nil, err
	}
	s, _, err := a.Store.State(ctx, caller.Env, customerID)
	if err != nil {
		return nil, nil, err
	}
	cat = s.In(cat)
	return billing.DecidePaywall(cat, f, access, s.Products, caller.Now), cat, nil
}
