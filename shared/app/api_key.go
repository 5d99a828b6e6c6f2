package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// HashKey is the form under which a key is stored.
func HashKey(key string) string {
	sum := sha256.Sum256([]byte(key))
	var text [2 * sha256.Size]byte
	hex.Encode(text[:], sum[:])
	return string(text[:])
}

// prefixLength is the kind and the environment of a key, and nine of its 42
// random characters: enough to tell keys apart, far too few to guess the rest.
const prefixLength = len("am_sk_test_") + 9

// KeyPrefix is the part of a key that is stored in clear. The last two
// characters are always left out, also of a short key on a laptop.
func KeyPrefix(key string) string { return key[:max(0, min(prefixLength, len(key)-2))] }

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
var ErrReadOnly = &refusal.Error{Kind: refusal.KindDenied, Reason: ReasonReadOnlyKey}

// A publishable key is public. Where the setting publishable_checkout
// lets it open pages, it does so for a product as it is sold: it claims no
// customer, fills in nothing about an existing one, closes no page that a
// secret key opened, and opens a limited number of them.

// pagesPerMinute is how many pages one publishable key may ask for.
const pagesPerMinute = 60

var (
	errTooManyPages = &refusal.Error{Kind: refusal.KindThrottled, Reason: ReasonTooManyPages}
	errPageOpen     = &refusal.Error{Kind: refusal.KindConflict, Reason: ReasonPageOpen}
	errBlanks       = &refusal.Error{Kind: refusal.KindInvalid, Reason: ReasonBlanksOfACustomer}
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

// KeyStore is the part of the table that those who make keys need.
type KeyStore interface {
	// Keys lists the keys of all environments, newest first, with a cursor as other lists
	// have one. Two requests.
	Keys(ctx context.Context, cursor string, limit int) (page []Key, next string, err error)

	// Commit is that of Store.
	Commit(ctx context.Context, env catalog.Env, writes ...Write) error
}

// Writes of API keys.
type (
	// SaveKey puts a key that was not there.
	SaveKey struct{ Key Key }

	// RevokeKey ends a key that must be good. Its row stays.
	RevokeKey struct {
		Hash string
		At   time.Time
		By   string
	}
)

// KeyTable is the part of Tables with API keys.
type KeyTable interface {
	SaveKey(SaveKey)
	RevokeKey(RevokeKey)
}

func (w SaveKey) To(t Table)   { t.(interface{ SaveKey(SaveKey) }).SaveKey(w) }
func (w RevokeKey) To(t Table) { t.(interface{ RevokeKey(RevokeKey) }).RevokeKey(w) }
