package app

import (
	"context"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// An AttentionKind is one kind of what waits for a person.
type AttentionKind string

const (
	Differs    AttentionKind = "differs"    // an invoice that is not what was computed, until a person has seen it
	Failed     AttentionKind = "failed"     // a webhook event without its effect
	Held       AttentionKind = "held"       // a redemption
	PastDue    AttentionKind = "past_due"   // a product of a customer
	Unfinished AttentionKind = "unfinished" // an operation between its record and its end
)

// AttentionKinds lists all.
func AttentionKinds() []AttentionKind {
	return []AttentionKind{Differs, Failed, Held, PastDue, Unfinished}
}

// AtWork is how long an operation counts as running: longer than any function runs. After
// that it is unfinished.
const AtWork = stale

// AttentionCounts are how many of each kind wait.
type AttentionCounts struct {
	Of   map[AttentionKind]int
	More bool // there are more than were counted, which are some thousands
}

// A Waiting is one row that waits for a person. Of its parts, that of its kind is set.
type Waiting struct {
	Kind       AttentionKind
	Since      time.Time
	ID         string           // of the row: an audit entry, an event, a redemption, a customer product, an operation
	InternalID string           // of the customer of an audit entry
	Name, Path string           // of that customer, as of an Action
	Customer   billing.Customer // of a product and of an operation; zero where it is gone
	Event      FailedEvent
	Audit      billing.Audit
	Product    billing.CustomerProduct
	Operation  billing.Operation
	Redemption referral.Redemption
}

// AttentionStore is the part of the table with what waits for a person.
type AttentionStore interface {
	// Attention counts what waits at a moment. One request.
	Attention(ctx context.Context, env catalog.Env, now time.Time) (AttentionCounts, error)

	// WaitingOf lists what waits of one kind, newest first, with a cursor as other lists have
	// one. Two requests.
	WaitingOf(ctx context.Context, env catalog.Env, kind AttentionKind, now time.Time, cursor string, limit int) (page []Waiting, next string, err error)

	// Activity reads the newest of what failed, of what is unfinished, of what differs and of
	// what was done in the dashboard. Three requests.
	Activity(ctx context.Context, env catalog.Env, now time.Time) (Activity, error)

	// FailedEvent reads an event that failed; found is false for any other.
	FailedEvent(ctx context.Context, env catalog.Env, eventID string) (e FailedEvent, found bool, err error)

	// Commit is that of Store.
	Commit(ctx context.Context, env catalog.Env, writes ...Write) error
}

// Activity is the beginning of several lists.
type Activity struct {
	Waiting     map[AttentionKind][]Waiting
	Counts      AttentionCounts
	Actions     []Action
	MoreActions bool
}

// A FailedEvent is a webhook event whose effect could not be saved.
type FailedEvent struct {
	Event Event
	First time.Time
	Last  time.Time
	Tries int
	Why   string // of the last try, in the words of the error
}

// Writes of what waits for a person.
type (
	// EventFailed notes that a try to give an event its effect failed.
	EventFailed struct {
		Event Event
		Why   string
		Now   time.Time
	}

	// ForgetFailure removes that note.
	ForgetFailure struct{ EventID string }

	// MismatchSeen takes an entry about an invoice off the list of those that wait. It must
	// be there.
	MismatchSeen struct{ InternalID, AuditID, By string }
)

// AttentionTable is the part of Tables with these writes.
type AttentionTable interface {
	EventFailed(EventFailed)
	ForgetFailure(ForgetFailure)
	MismatchSeen(MismatchSeen)
}

func (w EventFailed) To(t Table)   { t.(interface{ EventFailed(EventFailed) }).EventFailed(w) }
func (w ForgetFailure) To(t Table) { t.(interface{ ForgetFailure(ForgetFailure) }).ForgetFailure(w) }
func (w MismatchSeen) To(t Table)  { t.(interface{ MismatchSeen(MismatchSeen) }).MismatchSeen(w) }
