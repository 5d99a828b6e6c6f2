package app

import (
	"context"
	"errors"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A Key is an API key as the table knows it: by its hash alone.
type Key struct {
	Hash        string // SHA-256 of the key, hex
	Prefix      string // its first characters, for people and the audit
	Name        string // given by the operator; may be empty
	Env         catalog.Env
	Publishable bool
	CreatedAt   time.Time
	CreatedBy   string    // the AWS identity of the operator
	RevokedAt   time.Time // zero while it is good
	RevokedBy   string
}

type readOnlyMark struct{}

// ReadOnly returns a context in which the store refuses every write with
// ErrReadOnly.
func ReadOnly(ctx context.Context) context.Context {
	return context.WithValue(ctx, readOnlyMark{}, true)
}

// IsReadOnly reports whether the context came from ReadOnly.
func IsReadOnly(ctx context.Context) bool { return ctx.Value(readOnlyMark{}) != nil }

// ErrReadOnly is returned by a store that was asked to write for a caller who
// may only read.
var ErrReadOnly = refusal.Denied(ReasonReadOnlyKey)

// A publishable key is public. Where the setting publishable_checkout
// lets it open pages, it does so for a product as it is sold: it claims no
// customer, fills in nothing about an existing one, closes no page that a
// secret key opened, and opens a limited number of them.

// pagesPerMinute is how many pages one publishable key may ask for.
const pagesPerMinute = 60

var (
	errTooManyPages = refusal.Throttled(ReasonTooManyPages)
	errPageOpen     = refusal.Conflict(ReasonPageOpen)
	errBlanks       = refusal.Invalid(ReasonBlanksOfACustomer)
)

// admitPage lets a publishable key go on to a page that can be opened, and
// counts it. It returns the refusal of the attach, errBlanks, or errTooManyPages
// beyond the limit of this minute; nothing is saved then.
func (w work) admitPage(ctx context.Context, cmd AttachCommand) error {
	if !w.caller.Publishable {
		return nil
	}
	found, err := w.preview(ctx, cmd)
	if err != nil {
		return err
	}
	if found.State.Customer.FillBlanks(cmd.Data) {
		return errBlanks
	}
	within, err := w.Store.CountWithin(ctx, w.caller.Env, Limit{Name: "pages", Of: w.caller.KeyHash, Most: pagesPerMinute, Window: time.Minute}, w.caller.Now)
	if err == nil && !within {
		err = errTooManyPages
	}
	return err
}

// buyer reads the customer of an attach. An unknown one is created, unless the
// attach would be refused. A publishable key claims no
// customer who was prepared with the same e-mail, and fills no blanks.
func (w work) buyer(ctx context.Context, cmd AttachCommand) (billing.State, error) {
	allowed := func() error {
		_, err := w.preview(ctx, cmd)
		return err
	}
	if !w.caller.Publishable {
		return w.customerFor(ctx, cmd.CustomerID, cmd.Data, allowed)
	}
	s, err := w.existing(ctx, w.caller, cmd.CustomerID)
	if errors.Is(err, refusal.ErrCustomerNotFound("")) {
		return w.claimOrCreate(ctx, billing.CreateCustomer{ID: cmd.CustomerID, Data: cmd.Data}, allowed)
	}
	return s, err
}

// preparedFor finds a customer without an id who has this e-mail address, for
// whom the caller may give one; "" when there is none.
func (w work) preparedFor(ctx context.Context, d billing.CustomerData) (key string, err error) {
	if w.caller.Publishable || d.Email == "" {
		return "", nil
	}
	return w.Store.KeyByEmail(ctx, w.caller.Env, d.Email)
}
