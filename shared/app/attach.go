package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"windfall/shared/billing"
)

// An AttachCommand asks for products to be given to a customer.
type AttachCommand struct {
	CustomerID string
	Data       billing.CustomerData
	ProductIDs []string
	Version    int // of the product; 0 is the latest
	Options    billing.Attach
}

// Attach gives products to a customer, who is created when unknown. A repeated
// or interrupted call never charges twice.
func (a *App) Attach(ctx context.Context, who Caller, cmd AttachCommand) (Outcome, error) {
	catalog, err := a.Store.Catalog(ctx, who.Env, true)
	if err != nil {
		return Outcome{}, err
	}
	if err := a.admitPage(ctx, who, cmd); err != nil {
		return Outcome{}, err
	}
	if err := cmd.choose(catalog, who); err != nil {
		return Outcome{}, err
	}
	return again(ctx, a, func() (Outcome, error) {
		if before, done, err := a.done(ctx, who); done || err != nil {
			return before, err
		}
		s, err := a.buyer(ctx, who, catalog, cmd)
		if err != nil {
			return Outcome{}, err
		}
		s, finished, err := a.settled(ctx, who, catalog, s)
		if err != nil {
			return Outcome{}, err
		}
		if finished != nil && finished.Fingerprint == cmd.fingerprint() {
			return outcome(s.Customer, *finished), nil // it was this very call, made before
		}
		if open := s.Operation(a.operationID(who)); open != nil {
			return outcome(s.Customer, *open), nil // it opened a page, and the answer was lost
		}
		return a.attach(ctx, who, catalog, s, cmd)
	})
}

func (a *App) attach(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, cmd AttachCommand) (Outcome, error) {
	if err := a.caughtUp(ctx, who, catalog, s); err != nil {
		return Outcome{}, err
	}
	cmd.Options.OperationID = a.operationID(who)
	var err error
	if cmd.Options, err = cmd.Options.Customize(s, catalog); err != nil {
		return Outcome{}, err
	}
	state, open, err := a.attachState(ctx, who, catalog, s, cmd)
	if err != nil {
		return Outcome{}, err
	}
	decision, err := billing.DecideAttach(state, cmd.Options)
	if err != nil {
		return Outcome{}, err
	}
	op := billing.Operation{ID: cmd.Options.OperationID, Command: "attach", Fingerprint: cmd.fingerprint(), Actor: who.Actor, Publishable: who.Publishable,
		Slots: cmd.Options.Slots(), Decision: decision, CreatedAt: who.Now}
	for _, page := range open {
		if decision.Page && page.Fingerprint == op.Fingerprint {
			return outcome(s.Customer, page), nil // the same page is open already
		}
		if who.Publishable && !page.Publishable {
			return Outcome{}, errPageOpen
		}
	}
	return a.execute(ctx, who, catalog, state.State, op)
}

// Preview is the decision that Attach would take, and nothing else: no
// customer is made, nothing is saved, Stripe is only read.
func (a *App) Preview(ctx context.Context, who Caller, cmd AttachCommand) (Preview, error) {
	catalog, err := a.Store.Catalog(ctx, who.Env, true)
	if err != nil {
		return Preview{}, err
	}
	if err := cmd.choose(catalog, who); err != nil {
		return Preview{}, err
	}
	return a.preview(ctx, who, catalog, cmd)
}

func (a *App) preview(ctx context.Context, who Caller, catalog *billing.Catalog, cmd AttachCommand) (Preview, error) {
	s, err := a.imagined(ctx, who, catalog, cmd.CustomerID, cmd.Data)
	if err != nil {
		return Preview{}, err
	}
	cmd.Options.OperationID = "preview"
	if cmd.Options, err = cmd.Options.Customize(s, catalog); err != nil {
		return Preview{}, err
	}
	state, _, err := a.attachState(ctx, who, catalog, s, cmd)
	if err != nil {
		return Preview{}, err
	}
	decision, err := billing.DecideAttach(state, cmd.Options)
	decision.Lines = append(decision.Lines, decision.SeatsDue(state.State, catalog, who.Now)...)
	return Preview{State: state, Decision: decision, Products: cmd.Options.Products}, err
}

// imagined reads a customer whole. An unknown one is as it would begin, and is
// not made.
func (a *App) imagined(ctx context.Context, who Caller, catalog *billing.Catalog, id string, d billing.CustomerData) (billing.State, error) {
	s, found, err := a.Store.State(ctx, who.Env, id)
	if err == nil && !found {
		if err := billing.CheckNewCustomerID(id); err != nil {
			return s, err // attach would not make them either
		}
		s = billing.NewCustomerOf(catalog, billing.CreateCustomer{ID: id, InternalID: "cus_preview", Data: d, Now: who.Now}).State()
	}
	return s, err
}

// A Preview is what an attach would do.
type Preview struct {
	State    billing.AttachState
	Decision billing.Decision
	Products []billing.Product
}

// choose finds the products and puts the clock in.
func (cmd *AttachCommand) choose(catalog *billing.Catalog, who Caller) error {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return err
	}
	if err := cmd.Data.Check(); err != nil {
		return err
	}
	if err := cmd.Options.CheckLimits(len(cmd.ProductIDs)); err != nil {
		return err
	}
	cmd.Options.Now, cmd.Options.Publishable = who.Now, who.Publishable
	for _, id := range cmd.ProductIDs {
		p, err := catalog.ProductVersion(id, cmd.Version)
		if err != nil {
			return err
		}
		cmd.Options.Products = append(cmd.Options.Products, p)
	}
	return cmd.Options.CheckPage()
}

// attachState gathers what the rule needs beside the customer: the card on
// file, the trials of this device, the pages that are open. A page found paid
// or expired is dealt with first; then the customer is read again.
func (a *App) attachState(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, cmd AttachCommand) (billing.AttachState, []billing.Operation, error) {
	state := billing.AttachState{State: s, Catalog: catalog}
	if !slices.ContainsFunc(cmd.Options.Products, func(p billing.Product) bool { return !p.Free() }) {
		return state, nil, nil
	}
	if s.Customer.StripeID != "" {
		c, err := a.Payments.Customer(ctx, who.Env, s.Customer.StripeID)
		if err != nil {
			return state, nil, err
		}
		state.Card = c.Card
		if !c.Found {
			state.Customer.StripeID = "" // gone at Stripe: a new one is made
		}
	}
	if err := a.trialsTaken(ctx, who, &state, cmd.Options.Products); err != nil {
		return state, nil, err
	}
	open, err := a.openPages(ctx, who, catalog, s, cmd.Options.Slots())
	state.Pages = pagesOf(open)
	return state, open, err
}

func (a *App) trialsTaken(ctx context.Context, who Caller, state *billing.AttachState, products []billing.Product) error {
	var unique []string
	for _, p := range products {
		if p.Trial != nil && p.Trial.UniqueFingerprint {
			unique = append(unique, p.ID)
		}
	}
	if state.Customer.Fingerprint == "" || len(unique) == 0 {
		return nil
	}
	taken, err := a.Store.TrialsTaken(ctx, who.Env, state.Customer.Fingerprint, unique)
	state.TrialTaken = taken
	return err
}

// openPages lists the operations whose page is open in one of the slots. It
// returns billing.ErrStale after it has dealt with one that no longer is.
func (a *App) openPages(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, slots []string) ([]billing.Operation, error) {
	var open []billing.Operation
	for _, op := range s.Operations {
		if op.State != billing.Waiting || !slices.ContainsFunc(op.Slots, func(slot string) bool { return slices.Contains(slots, slot) }) {
			continue
		}
		session, err := a.page(ctx, who, op)
		if err != nil {
			return nil, err
		}
		if session.Status == "open" {
			open = append(open, op)
			continue
		}
		if err := a.pageClosed(ctx, who, catalog, s, op, session); err != nil {
			return nil, err
		}
		return nil, billing.ErrStale
	}
	return open, nil
}

func pagesOf(open []billing.Operation) []billing.Page {
	var pages []billing.Page
	for _, op := range open {
		pages = append(pages, billing.Page{OperationID: op.ID, SessionID: op.Results.SessionID})
	}
	return pages
}

// fingerprint is equal for commands that ask for the same.
func (cmd AttachCommand) fingerprint() string {
	asked := cmd.Options
	return fingerprint([]any{cmd.CustomerID, cmd.ProductIDs, cmd.Version, asked.Options, asked.ByInvoice,
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
