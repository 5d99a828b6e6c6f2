package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// An AttachCommand asks for products to be given to a customer.
type AttachCommand struct {
	CustomerID string
	Data       billing.CustomerData
	ProductIDs []string
	Version    int // of the product; 0 is the latest
	Terms      billing.Attach
}

// Attach gives products to a customer, who is created when unknown. A repeated
// or interrupted call never charges twice.
func (a *App) Attach(ctx context.Context, caller Caller, cmd AttachCommand) (Outcome, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.admitPage(ctx, caller, cmd); err != nil {
		return Outcome{}, err
	}
	if err := cmd.choose(cat, caller); err != nil {
		return Outcome{}, err
	}
	return retryStale(ctx, a, func() (Outcome, error) {
		if before, done, err := a.done(ctx, caller); done || err != nil {
			return before, err
		}
		s, err := a.buyer(ctx, caller, cat, cmd)
		if err != nil {
			return Outcome{}, err
		}
		s, finished, err := a.awaitIdle(ctx, caller, cat, s)
		if err != nil {
			return Outcome{}, err
		}
		if finished != nil && finished.Fingerprint == cmd.fingerprint() {
			return outcome(s.Customer, *finished), nil // it was this very call, made before
		}
		if open := s.Operation(a.operationID(caller)); open != nil {
			return outcome(s.Customer, *open), nil // it opened a page, and the answer was lost
		}
		return a.attach(ctx, caller, cat, s, cmd)
	})
}

func (a *App) attach(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, cmd AttachCommand) (Outcome, error) {
	if err := a.syncSubscriptions(ctx, caller, cat, s); err != nil {
		return Outcome{}, err
	}
	cmd.Terms.OperationID = a.operationID(caller)
	var err error
	if cmd.Terms, err = cmd.Terms.Customize(s, cat); err != nil {
		return Outcome{}, err
	}
	state, open, err := a.attachState(ctx, caller, cat, s, cmd)
	if err != nil {
		return Outcome{}, err
	}
	decision, err := billing.DecideAttach(state, cmd.Terms)
	if err != nil {
		return Outcome{}, err
	}
	op := billing.Operation{ID: cmd.Terms.OperationID, Command: "attach", Fingerprint: cmd.fingerprint(), Actor: caller.Actor, Publishable: caller.Publishable,
		Slots: cmd.Terms.Slots(), Decision: decision, CreatedAt: caller.Now}
	for _, page := range open {
		if decision.Page && page.Fingerprint == op.Fingerprint {
			return outcome(s.Customer, page), nil // the same page is open already
		}
		if caller.Publishable && !page.Publishable {
			return Outcome{}, errPageOpen
		}
	}
	return a.execute(ctx, caller, cat, state.State, op)
}

// choose finds the products and puts the clock in.
func (cmd *AttachCommand) choose(cat *catalog.Catalog, caller Caller) error {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return err
	}
	if err := cmd.Data.Check(); err != nil {
		return err
	}
	if err := cmd.Terms.CheckLimits(len(cmd.ProductIDs)); err != nil {
		return err
	}
	cmd.Terms.Now, cmd.Terms.Publishable = caller.Now, caller.Publishable
	for _, id := range cmd.ProductIDs {
		p, err := cat.ProductVersion(id, cmd.Version)
		if err != nil {
			return err
		}
		cmd.Terms.Products = append(cmd.Terms.Products, p)
	}
	return cmd.Terms.CheckPage()
}

// attachState gathers what the rule needs beside the customer: the card on
// file, the trials of this device, the pages that are open. A page found paid
// or expired is dealt with first; then the customer is read again.
func (a *App) attachState(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, cmd AttachCommand) (billing.AttachState, []billing.Operation, error) {
	state := billing.AttachState{State: s, Catalog: cat}
	if !slices.ContainsFunc(cmd.Terms.Products, func(p catalog.Product) bool { return !p.Free() }) {
		return state, nil, nil
	}
	if s.Customer.StripeID != "" {
		c, err := a.Payments.Customer(ctx, caller.Env, s.Customer.StripeID)
		if err != nil {
			return state, nil, err
		}
		state.Card = c.Card
		if !c.Found {
			state.Customer.StripeID = "" // gone at Stripe: a new one is made
		}
	}
	if err := a.trialsTaken(ctx, caller, &state, cmd.Terms.Products); err != nil {
		return state, nil, err
	}
	open, err := a.openPages(ctx, caller, cat, s, cmd.Terms.Slots())
	state.Pages = pagesOf(open)
	return state, open, err
}

func (a *App) trialsTaken(ctx context.Context, caller Caller, state *billing.AttachState, products []catalog.Product) error {
	var unique []string
	for _, p := range products {
		if p.Trial != nil && p.Trial.UniqueFingerprint {
			unique = append(unique, p.ID)
		}
	}
	if state.Customer.Fingerprint == "" || len(unique) == 0 {
		return nil
	}
	taken, err := a.Store.TrialsTaken(ctx, caller.Env, state.Customer.Fingerprint, unique)
	state.TrialTaken = taken
	return err
}

// fingerprint is equal for commands that ask for the same.
func (cmd AttachCommand) fingerprint() string {
	asked := cmd.Terms
	return fingerprint([]any{cmd.CustomerID, cmd.ProductIDs, cmd.Version, asked.Quantities, asked.ByInvoice,
		asked.ForceCheckout, asked.NoTrial, asked.Trial, asked.Items, asked.Schedule, asked.SuccessURL, asked.Metadata, asked.Extra})
}

// fingerprint is equal for equal values.
func fingerprint(asked any) string {
	b, err := json.Marshal(asked)
	if err != nil {
		panic("encode a command: " + err.Error()) // our own types always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
