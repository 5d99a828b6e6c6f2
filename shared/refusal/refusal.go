// Package refusal owns the errors that a caller is meant to understand. Every rule
// returns them; any other error is a fault of our own.
package refusal

import "fmt"

// A Kind says what sort of failure an error is. Callers branch on kinds; only
// package api knows which HTTP status each one becomes.
type Kind string

const (
	KindInvalid     Kind = "invalid"     // the request can never succeed as written
	KindNotFound    Kind = "not_found"   // it names something that does not exist
	KindConflict    Kind = "conflict"    // it is legal, but not in the current state
	KindPayment     Kind = "payment"     // Stripe or the bank said no
	KindDenied      Kind = "denied"      // the key is missing, wrong or may not do this
	KindTooLarge    Kind = "too_large"   // the body is longer than any sensible request
	KindMediaType   Kind = "media_type"  // the body is not JSON
	KindMismatch    Kind = "mismatch"    // an Idempotency-Key came back with another body
	KindThrottled   Kind = "throttled"   // too many requests at one place; wait and repeat
	KindUnavailable Kind = "unavailable" // something we depend on is down; repeat later
)

// Kinds lists every kind, so tests can prove each has an HTTP status.
func Kinds() []Kind {
	return []Kind{KindInvalid, KindNotFound, KindConflict, KindPayment, KindDenied,
		KindTooLarge, KindMediaType, KindMismatch, KindThrottled, KindUnavailable}
}

// An Error is a failure the caller is meant to understand. Any other error is
// our own fault and is shown as a plain 500.
type Error struct {
	Kind    Kind
	Code    string // stable and machine-readable: "product_already_attached"
	Message string // one sentence for a person; never holds secrets
	Err     error  // the cause, for the log; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return e.Code + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches by code, so errors.Is(err, ErrStale) holds however the message
// was worded.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Invalid returns an invalid_request error with a message of its own.
func Invalid(format string, args ...any) *Error {
	return New(KindInvalid, "invalid_request", format, args...)
}

// InvalidInputs returns the error for a field of the wrong shape.
func InvalidInputs(format string, args ...any) *Error {
	return New(KindInvalid, "invalid_inputs", format, args...)
}

func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// ErrStale is returned by a store when the rows changed since they were read.
// Commands answer it by reading again; callers see it only after many tries.
var ErrStale = &Error{Kind: KindConflict, Code: "changed_meanwhile",
	Message: "The customer was changed by another request at the same time. Try again."}

// ErrBusy means that another money command of the customer is at work and did
// not end while this one waited.
var ErrBusy = &Error{Kind: KindConflict, Code: "command_in_progress",
	Message: "Another purchase or change of this customer is being carried out. Try again in a moment."}

// ErrStripeUnavailable means that Stripe did not answer. What was begun is
// remembered and finished later.
var ErrStripeUnavailable = &Error{Kind: KindUnavailable, Code: "stripe_unavailable",
	Message: "Stripe can't be reached right now. Nothing was charged twice; repeat the request in a moment."}

// ErrDatabaseUnavailable means that the database did not take the request
// after several tries.
var ErrDatabaseUnavailable = &Error{Kind: KindUnavailable, Code: "service_unavailable",
	Message: "The service is busy. Repeat the request in a moment."}

// ErrUnconfirmed means that the database gave no answer to a use. It may have
// counted, so repeating it blindly may count it twice.
var ErrUnconfirmed = &Error{Kind: KindUnavailable, Code: "usage_unconfirmed",
	Message: "The database gave no answer, so this use may or may not have been counted. Compare the balance before you repeat it; with an idempotency_key repeating is always safe."}

func ErrCustomerNotFound(id string) *Error {
	return New(KindNotFound, "customer_not_found", "Customer %q was not found.", id)
}

func ErrProductNotFound(id string) *Error {
	return New(KindNotFound, "product_not_found", "Product %q was not found.", id)
}

func ErrFeatureNotFound(id string) *Error {
	return New(KindNotFound, "feature_not_found", "Feature %q was not found.", id)
}

// ErrNotMetered refuses to use, or to set the balance of, a feature without one.
func ErrNotMetered(id string) *Error {
	return Invalid("Feature %q is on or off: it has no balance, so no use of it can be tracked or set.", id)
}

func ErrAlreadyAttached(id string) *Error {
	return New(KindInvalid, "product_already_attached", "Product %q is already attached to this customer.", id)
}
