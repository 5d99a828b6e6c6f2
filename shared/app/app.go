// Package app carries decisions out. Each command has one file with one
// method. A command never holds a rule; a rule never does I/O.
//
// A command that may cost money is a unit of work, written once in work.go:
//
//	load      the customer; an unknown one is made where the command does that
//	decide    the command's own part: package billing decides
//	record    the operation, with a lease, before Stripe is asked
//	pay       each step at Stripe, with keys that are the same on every try
//	save      the settlement of the operation, in one transaction
//
// Every save is guarded by the customer's version. A customer that changed
// meanwhile is loaded and decided again; all parts of a command share its tries
// (retry.go). An operation whose process died is taken over by the next command of
// the customer, or by the sweep (operation_end.go).
package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/ledger"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// App is everything a command needs from the outside world.
type App struct {
	Store    Store
	Payments Payments        // nil in functions that never touch Stripe
	NewID    func() string   // sorts by time, unique
	NewCode  func() string   // a referral code; see billing.CodeAlphabet
	Random   func() [32]byte // nobody can guess it: what keys, tokens, sessions and salts are made of
	Log      *slog.Logger
	Pause    Pause
}

// A Caller is who asks, where and when. The clock enters here and nowhere else.
type Caller struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	Env         catalog.Env
	Publishable bool   // the key may be public
	KeyHash     string // which key it is, by the hash under which it is stored
	RequestKey  string // names the request by its Idempotency-Key, or ""
	Actor       string // for the audit: the key's first characters, "stripe" or "schedule"
	Now         time.Time
	Asked       time.Time // when the request was made, where it is decided as of an earlier moment, Now; zero is Now
}

// asked is when the request was made: what runs at this moment is measured by it.
func (c Caller) asked() time.Time {
	if c.Asked.IsZero() {
		return c.Now
	}
	return c.Asked
}

// Payments is Stripe. Calls with the same key happen once. Every method
// returns refusal.ErrStripeUnavailable when Stripe gave no answer.
type Payments interface {
	// Customer reads a customer and the payment method to charge: the
	// default one, or the newest attached. Found is false for one that Stripe
	// does not know or has deleted.
	Customer(ctx context.Context, env catalog.Env, stripeID string) (StripeCustomer, error)

	// PaymentMethod reads the payment method to charge as Stripe shows it; nil
	// without one, and for a customer that Stripe does not know.
	PaymentMethod(ctx context.Context, env catalog.Env, stripeID string) (json.RawMessage, error)

	// CardFingerprints lists the fingerprints of the cards that a customer has saved,
	// sorted, each once: a number has one, whoever saves it. None for a customer that
	// Stripe does not know or has deleted.
	CardFingerprints(ctx context.Context, env catalog.Env, stripeID string) ([]string, error)

	// Perform asks Stripe for one step and adds the answer to the results. It
	// returns an error of KindDeclined when a card was refused (nothing was
	// charged), ErrSessionClosed when a page to expire was completed before,
	// and KindInvalid when Stripe refuses the request for good.
	Perform(ctx context.Context, env catalog.Env, ref Ref, step billing.Step, r billing.Results) (billing.Results, error)

	// Session reads a checkout session; Results is complete once it is paid.
	Session(ctx context.Context, env catalog.Env, sessionID string) (Session, error)

	// Invoice reads an invoice as it is now.
	Invoice(ctx context.Context, env catalog.Env, invoiceID string) (billing.Invoice, error)

	// Billed lists a customer's invoices that were made since a moment, the
	// oldest first, with what was paid of them, what waits for the next one, and
	// the discounts that run.
	Billed(ctx context.Context, env catalog.Env, stripeID string, currency money.Currency, since, now time.Time) (billing.Bills, error)

	// Waiting lists what waits for a customer's next invoice.
	Waiting(ctx context.Context, env catalog.Env, stripeID string, currency money.Currency) ([]ledger.WaitingItem, error)

	// Payment reads a charge as it is now, and what banks have taken back of it.
	Payment(ctx context.Context, env catalog.Env, chargeID string) (billing.Payment, error)

	// Subscription reads a subscription as it is now.
	Subscription(ctx context.Context, env catalog.Env, subscriptionID string) (billing.Subscription, error)

	// Running lists what would still charge a customer, started here or at
	// Stripe; nothing if the customer is gone there.
	Running(ctx context.Context, env catalog.Env, stripeID string) (billing.RunningAtStripe, error)

	// Discounts lists the discounts that run at this moment.
	Discounts(ctx context.Context, env catalog.Env, stripeID string, now time.Time) ([]catalog.RunningDiscount, error)

	// Balance lists what became of a customer's balance after the transaction
	// cursor, in the order of the ledger; without a cursor all since a moment. It
	// returns ErrGone for a customer that Stripe does not know or has deleted.
	Balance(ctx context.Context, env catalog.Env, stripeID, cursor string, since time.Time) ([]credit.Transaction, error)

	// CreditBill reads what an invoice charges for each item, and what credits pay
	// of it by lines.
	CreditBill(ctx context.Context, env catalog.Env, invoiceID string) (credit.Bill, error)

	// CopyCode makes a promotion code of Stripe's and returns its id. An error of
	// KindInvalid says why Stripe does not take it.
	CopyCode(ctx context.Context, env catalog.Env, ref Ref, c billing.CodeCopy, r billing.Results) (id string, err error)

	// MadeCode finds the code that CopyCode made; "" for none.
	MadeCode(ctx context.Context, env catalog.Env, operationID, text string) (id string, err error)

	// CloseCode has a promotion code never used again, and returns how often it was.
	CloseCode(ctx context.Context, env catalog.Env, id string) (used int, err error)

	// UpdateCustomer passes a new name and e-mail address on.
	UpdateCustomer(ctx context.Context, env catalog.Env, c billing.Customer) error

	// SetDefaultCard makes a payment method the one that invoices are charged
	// to. Asking again changes nothing; a card or a customer that is gone at
	// Stripe is left alone.
	SetDefaultCard(ctx context.Context, env catalog.Env, stripeID, card string) error

	// Portal opens a page where the customer manages cards, invoices and
	// subscriptions. It leads back to returnURL, or if that is "" to the address in
	// Stripe's settings.
	Portal(ctx context.Context, env catalog.Env, stripeID, returnURL string) (url string, err error)

	// Event verifies a webhook's signature on the raw body and reads it. The
	// secret that verifies it determines the environment. It returns ErrBadSignature.
	Event(ctx context.Context, body []byte, signature string) (catalog.Env, Event, error)
}

// A StripeCustomer is a customer as Stripe knows it.
type StripeCustomer struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	Found   bool
	Deleted bool // else one that is not found is not known, as those of another account
	ID      string
	Card    string // payment method id, or ""
	Spare   bool   // Card is no default: Stripe charges it only where it is told to

	Discounted bool           // a discount is on the customer; Stripe may still show one that has expired
	Currency   money.Currency // that Stripe bills them in; "" until it has
	Balance    money.Amount   // below 0 is credit for invoices to come
}

// A Ref ties Stripe objects to what asked for them. It becomes metadata on
// everything created, and the Idempotency-Key together with a step's name.
type Ref struct {
	OperationID string
	CustomerID  string // the application's id, or ours while there is none
	InternalID  string
	ProductIDs  []string
	Number      int64     // orders the customer's money commands: a later one has a higher
	CreatedAt   time.Time // of the operation: Stripe forgets keys after a day
	Now         time.Time
	Notes       map[string]string // the caller's, for what a purchase makes
}

// A Session is a checkout session as Stripe has it now.
type Session struct {
	ID          string
	Status      string // open, complete, expired
	OperationID string
	CustomerID  string             // at Stripe
	Card        string             // saved on a page that does nothing else, once it is complete
	Typed       *billing.TypedCode // the code that was typed on it; nil for none of ours
	Results     billing.Results
}

// An Event is a webhook event. Nothing but ids is taken from it: the object is
// read afresh, because events come late, twice and out of order.
type Event struct {
	ID         string
	Type       string
	ObjectID   string
	ObjectType string // checkout.session, invoice, subscription, …; charge for its refunds and disputes
	CustomerID string // at Stripe, or "": an event of a dispute does not say whose it is
}

var (
	// ErrSessionClosed means that a page which was to be expired is not open.
	ErrSessionClosed = refusal.Conflict(ReasonSessionClosed)

	// ErrBadSignature means that a webhook was not signed by Stripe with a
	// secret we know.
	ErrBadSignature = refusal.Invalid(ReasonBadSignature)
)
