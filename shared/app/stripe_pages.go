package app

import (
	"context"

	"windfall/shared/billing"
)

// BillingPortal opens Stripe's portal for a customer, who must be known here
// and is made known to Stripe.
func (a *App) BillingPortal(ctx context.Context, caller Caller, customerID, returnURL string) (Outcome, error) {
	s, err := a.atStripe(ctx, caller, customerID)
	if err != nil {
		return Outcome{}, err
	}
	url, err := a.Payments.Portal(ctx, caller.Env, s.Customer.StripeID, returnURL)
	return Outcome{CustomerID: s.Customer.Key(), URL: url}, err
}

// atStripe returns a customer with its side at Stripe, which is made when there
// is none or Stripe has lost it.
func (a *App) atStripe(ctx context.Context, caller Caller, customerID string) (billing.State, error) {
	var side stripeSide
	var found billing.State
	w := work{App: a, caller: caller}
	_, err := w.run(ctx, moneyCommand{load: existingCustomer(customerID),
		decide: func(ctx context.Context, w *work) (step, error) {
			found = w.state
			return side.decide(ctx, w)
		}})
	return found, err
}

// stripeSide decides for other commands whether a customer's side at Stripe is
// to be made. Making it is an operation: while it runs no other begins, and
// after a crash the next call takes the same step with the same key, so there
// is never a second one.
type stripeSide struct {
	made bool   // once …
	lost string // … instead of this one, which Stripe has lost
}

func (side *stripeSide) decide(ctx context.Context, w *work) (step, error) {
	if w.state.Customer.StripeID != "" {
		if side.made && w.state.Customer.StripeID != side.lost {
			return step{}, nil
		}
		c, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
		if err != nil || c.Found {
			return step{}, err
		}
	}
	if err := w.syncAll(ctx); err != nil { // what was billed with the lost customer has ended
		return step{}, err
	}
	side.made, side.lost = true, w.state.Customer.StripeID
	w.state.Customer.StripeID = ""
	s := carryOut(billing.MakeStripeCustomer(w.state.Customer, w.caller.Actor, w.caller.Now))
	s.first = true
	return s, nil
}

// A SetupPaymentCommand asks for a page on which a customer saves a card.
type SetupPaymentCommand struct {
	CustomerID string
	EntityID   string // which must be there; the card is its customer's
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
	return w.run(ctx, moneyCommand{keyed: true, of: cmd.CustomerID, fingerprint: cmd.fingerprint(),
		load: func(ctx context.Context, w *work) (found bool, err error) {
			if cmd.EntityID != "" {
				return existingWith(cmd.CustomerID, cmd.EntityID)(ctx, w)
			}
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
	open, err := w.openPages(ctx, op.Slots, w.state.Customer.StripeID, "")
	if err != nil {
		return step{}, err
	}
	for _, page := range open {
		if page.ID == op.ID || page.Fingerprint == op.Fingerprint {
			return reopened(w.state.Customer, page, op.Fingerprint)
		}
	}
	cmd.Page.AskAddress = w.catalog.Settings.AutomaticTax
	op.Decision = billing.DecideSetupPayment(cmd.Page, pagesOf(open))
	return carryOut(op), nil
}

// fingerprint is equal for commands of one customer that ask for the same, under whichever id.
func (cmd SetupPaymentCommand) fingerprint() string {
	return fingerprint(cmd.Page)
}
