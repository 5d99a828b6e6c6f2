package app

import (
	"context"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Store is the table. Every method is safe for concurrent use and returns
// refusal.ErrDatabaseUnavailable when the database refuses for a moment.
type Store interface {
	UsageStore
	RewardStore
	ReferralStore

	// Catalog returns the catalog; fresh is as it is now instead of a copy some
	// seconds old. It costs one small read while nothing changed. What is returned
	// is never changed again.
	Catalog(ctx context.Context, env catalog.Env, fresh bool) (*catalog.Catalog, error)

	// Key finds an API key by its hash; it may be up to a minute old.
	Key(ctx context.Context, hash string) (k Key, found bool, err error)

	// BeginRequest takes an Idempotency-Key for a request. A first request gets
	// nil; a repeated one the answer stored, or one with status 0 while the
	// first is still running.
	BeginRequest(ctx context.Context, env catalog.Env, requestKey, bodyHash string, now time.Time) (*StoredAnswer, error)

	// EndRequest stores the answer for a day; nil frees the key again.
	EndRequest(ctx context.Context, env catalog.Env, requestKey string, answer *StoredAnswer, now time.Time) error

	// CountWithin counts one more call against a limit and reports whether it
	// is within it. A call beyond the limit is not counted.
	CountWithin(ctx context.Context, env catalog.Env, l Limit, now time.Time) (within bool, err error)

	// CountGuess counts an unknown code for a customer, of whom g was read, in the
	// window that begins at a whole second, and returns how many it has by now.
	CountGuess(ctx context.Context, env catalog.Env, key string, g billing.Guesses, window time.Time) (count int, err error)

	// ProductInUse reports whether any customer ever held a product.
	ProductInUse(ctx context.Context, env catalog.Env, productID string) (bool, error)

	// State reads a customer whole, in one request. Found is false for an
	// unknown key; the key is the application's id, or ours for a customer
	// without one.
	State(ctx context.Context, env catalog.Env, key string) (s billing.State, found bool, err error)

	// States reads customers whole, at most MaxStates, in few requests; those who are gone
	// are missing from the result.
	States(ctx context.Context, env catalog.Env, keys ...string) (map[string]billing.State, error)

	// Customers lists customers, newest first, or those whose id, e-mail address
	// or name begins with a search text, in this order and each once. cursor is
	// "" for the first page, and next is "" after the last; a page may be
	// shorter than limit before that. Any other text that no page of the same
	// search gave is invalid_cursor.
	Customers(ctx context.Context, env catalog.Env, q CustomerQuery) (page []Listed, next string, err error)

	// KeyByEmail finds the customer without id that has this e-mail address.
	KeyByEmail(ctx context.Context, env catalog.Env, email string) (key string, err error)

	// StripeOwner finds the present or former owner of a Stripe customer; zero if there
	// is none.
	StripeOwner(ctx context.Context, env catalog.Env, stripeID string) (billing.StripeOwner, error)

	// TrialsTaken returns which of the products this device has tried.
	TrialsTaken(ctx context.Context, env catalog.Env, fingerprint string, productIDs []string) ([]string, error)

	// UsedKeys returns which of these keys a use of the customer was counted under, of
	// up to 100.
	UsedKeys(ctx context.Context, env catalog.Env, key string, names ...string) ([]RequestKey, error)

	// Balance reads one balance row; a customer without it has the zero Balance.
	Balance(ctx context.Context, env catalog.Env, key, featureID string) (entitlement.Balance, error)

	// Balances reads several balance rows in one request; those that are not
	// there are missing from the result.
	Balances(ctx context.Context, env catalog.Env, key string, features ...string) (map[string]entitlement.Balance, error)

	// Entities reads entities of a customer by their ids, or all of them in the order of
	// their creation where none is named.
	Entities(ctx context.Context, env catalog.Env, key string, ids ...string) ([]billing.Entity, error)

	// EntityBalances reads in one request an entity, its balances of some features, and
	// those of its customer. found is false for an entity that is not there.
	EntityBalances(ctx context.Context, env catalog.Env, key, entityID string, features ...string) (b EntityBalances, found bool, err error)

	// BalancesOfEntities reads what all entities of a customer hold of a feature, in the order of their
	// creation; of all features where it is "". One request for each megabyte.
	BalancesOfEntities(ctx context.Context, env catalog.Env, key, featureID string) ([]entitlement.Balance, error)

	// DeleteEntities removes up to limit rows of a customer's entities, and reports whether any is
	// left.
	DeleteEntities(ctx context.Context, env catalog.Env, key string, limit int) (more bool, err error)

	// Debit takes an amount out of one balance in one conditional write: all of
	// it or nothing. done is false when the row must be looked at as a whole.
	// b is the row as it is when that is so, and after the write when u.Read is
	// set. The error is refusal.ErrUnconfirmed when no answer came.
	Debit(ctx context.Context, env catalog.Env, key string, u DebitBatch) (b entitlement.Balance, done bool, err error)

	// UseAll is Debit for several balances at once, or together with request
	// keys: all happen or none. It reports whether they did, and which of the
	// keys were used before.
	UseAll(ctx context.Context, env catalog.Env, key string, u DebitBatch) (done bool, used []RequestKey, err error)

	// SaveUsed puts balances as they should stand after a use, if none has
	// changed since it was read; the keys and the error as above. Without any
	// balance the events are filed at once. The debits are not looked at.
	SaveUsed(ctx context.Context, env catalog.Env, key string, balances []entitlement.Balance, u DebitBatch) (done bool, used []RequestKey, err error)

	// MovedProducts lists the ended products in a customer's history, the oldest end first.
	// One request for each megabyte.
	MovedProducts(ctx context.Context, env catalog.Env, internalID string) ([]billing.CustomerProduct, error)

	// Invoices lists a customer's invoices, newest first.
	Invoices(ctx context.Context, env catalog.Env, internalID string) ([]billing.Invoice, error)

	// ReturnedPayment reads what a customer has back of a payment; the zero value
	// for one of which that is nothing.
	ReturnedPayment(ctx context.Context, env catalog.Env, internalID, chargeID string) (billing.ReturnedPayment, error)

	// ReturnedPayments lists all of which the customer has something back.
	ReturnedPayments(ctx context.Context, env catalog.Env, internalID string) ([]billing.ReturnedPayment, error)

	// Audit lists a customer's history, newest first. cursor is "" for the
	// first page, and next is "" after the last; any other text that no page
	// gave is invalid_cursor.
	Audit(ctx context.Context, env catalog.Env, internalID, cursor string, limit int) (entries []billing.Audit, next string, err error)

	// Done reads what the operation of a keyed request led to.
	Done(ctx context.Context, env catalog.Env, operationID string) (o Outcome, found bool, err error)

	// EventSeen reports whether a webhook event has had its effect, and whether a try to
	// give it that is noted as failed.
	EventSeen(ctx context.Context, env catalog.Env, eventID string) (seen, failed bool, err error)

	// CustomersByKey reads customers, at most 100; those who are gone are
	// missing from the result.
	CustomersByKey(ctx context.Context, env catalog.Env, keys ...string) (map[string]billing.Customer, error)

	// Due lists the due rows of one shard, the oldest first: up to limit rows,
	// from the one after the last of the page before; more is false at the end.
	// Rows finished a moment ago may still be among them.
	Due(ctx context.Context, env catalog.Env, shard int, now time.Time, after *Due, limit int) (page []Due, more bool, err error)

	// OperationIn reads the operation to begin in an image of the table's
	// stream.
	OperationIn(image []byte) (env catalog.Env, due Due, found bool)

	// CopyIn reads of which code or reward the copies at Stripe are to be looked at, in
	// an image of the table's stream.
	CopyIn(image []byte) (env catalog.Env, due Due, found bool)

	// Commit makes all writes or none. It returns a *Conflict when a condition
	// did not hold.
	Commit(ctx context.Context, env catalog.Env, writes ...Write) error
}

// EntityBalances are an entity with its balances and those of its customer, by feature;
// those that are not there are missing.
type EntityBalances struct {
	Entity billing.Entity
	Its    map[string]entitlement.Balance
	Own    map[string]entitlement.Balance // the customer's
}

// MaxStates is how many customers one call of States reads.
const MaxStates = 50

// A Limit is how often something may happen within each window of time.
type Limit struct {
	Name   string // of the limited action
	Of     string // of whose it is
	Most   int
	Window time.Duration
}

// A Listed is one entry of a list of customers, which is a moment behind the
// customers themselves.
type Listed struct {
	Key    string                      // of the customer
	Cursor string                      // of the page after this entry
	Holds  func(billing.Customer) bool // whether the entry is that of the customer as it is now
}

// DebitBatch is what a call takes out of balances.
type DebitBatch struct {
	Debits []Debit // one for Debit; each of another balance
	Now    time.Time
	Read   bool          // the balance afterwards is asked for
	Events []UsageRecord // what history keeps of it
	Keys   []RequestKey  // under which it is counted once
	Also   []Write       // what SaveUsed saves together with it
}

// A RequestKey is a key under which a customer's use is counted once.
type RequestKey struct {
	Name    string
	Outcome string // what is remembered of a part of a batch, for a day; "" for the key of one use
}

// A Debit is an amount taken out of one balance; below 0 it is given back.
type Debit struct {
	FeatureID string
	EntityID  string // whose balance it is; "" is the customer's own
	Amount    money.Decimal
	Shards    int  // on how many rows it may be counted
	Several   bool // uses, each of which must find room below money.MaxUsed
}
