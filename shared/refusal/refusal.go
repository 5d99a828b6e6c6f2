// Package refusal owns the errors that a caller is meant to understand: what
// sort of failure it is, and the typed reason. It has no words for them: the
// sentence, the code and the names of fields belong to a dialect of the API.
// Any other error is a fault of our own.
package refusal

import (
	"fmt"
	"strings"
)

// A Kind says what sort of failure an error is. Callers branch on kinds; only
// package api knows which HTTP status each one becomes.
type Kind string

const (
	KindInvalid     Kind = "invalid"     // the request can never succeed as written
	KindNotFound    Kind = "not_found"   // it names something that does not exist
	KindConflict    Kind = "conflict"    // it is legal, but not in the current state
	KindDeclined    Kind = "declined"    // Stripe or the bank said no
	KindDenied      Kind = "denied"      // the caller may not do this
	KindReused      Kind = "reused"      // its Idempotency-Key is another request's
	KindThrottled   Kind = "throttled"   // too many requests at one place; wait and repeat
	KindUnavailable Kind = "unavailable" // something we depend on is down; repeat later
)

// Kinds lists every kind, so that a test can prove that each has an HTTP status.
func Kinds() []Kind {
	return []Kind{KindInvalid, KindNotFound, KindConflict, KindDeclined, KindDenied, KindReused, KindThrottled, KindUnavailable}
}

// A Reason names why something is refused: stable, and unique over all rules.
type Reason string

// A Field is a part of a request that a sentence names. A dialect words it.
type Field string

const (
	FieldName           Field = "name"
	FieldGroup          Field = "group"
	FieldEmail          Field = "email"
	FieldFingerprint    Field = "fingerprint"
	FieldCheckoutParams Field = "checkout_params"
	FieldPrice          Field = "price"
	FieldTierAmount     Field = "tier_amount"
	FieldPrices         Field = "prices"
	FieldEventNames     Field = "event_names"
	FieldSingular       Field = "singular"
	FieldPlural         Field = "plural"
	FieldDescription    Field = "description"
)

// A Phrase is a part of a sentence that is true of several things: why a text
// is no name, or no id. It is an argument of an Error.
type Phrase struct {
	Reason Reason
	Args   []any
}

// An Error is a failure the caller is meant to understand. Any other error is
// our own fault and is shown as a plain 500.
type Error struct {
	Kind   Kind
	Reason Reason
	Args   []any  // what the sentence names, in its order: texts, numbers, Fields, *Phrases; no secrets
	Item   int    // which item of a list it is about, from 1; 0 for none
	At     string // where in a request its item stands, instead of Item; "" for none
	Of     string // which of several things of a request it is about, by id; "" where there is one
	Err    error  // the cause, for the log; may be nil
}

// Error is for logs and histories: the reason, what it names, the cause.
func (e *Error) Error() string {
	text := e.Said()
	if text != string(e.Reason) {
		text = string(e.Reason) + ": " + text
	}
	if e.Err != nil {
		text += fmt.Sprintf(": %v", e.Err)
	}
	return text
}

// Said is what the error names, or its reason where that is all.
func (e *Error) Said() string {
	if len(e.Args) == 0 {
		return string(e.Reason)
	}
	words := make([]string, len(e.Args))
	for i, arg := range e.Args {
		if p, ok := arg.(*Phrase); ok {
			arg = p.Reason
		}
		words[i] = fmt.Sprintf("%.80s", fmt.Sprint(arg)) // a caller may have chosen it
	}
	return strings.Join(words, ", ")
}

func (e *Error) Unwrap() error { return e.Err }

// Is matches by reason, so errors.Is(err, ErrStale) holds whatever is named.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Reason == e.Reason
}

// Because returns the error with a cause.
func (e *Error) Because(err error) *Error {
	caused := *e
	caused.Err = err
	return &caused
}

func Invalid(why Reason, args ...any) *Error {
	return &Error{Kind: KindInvalid, Reason: why, Args: args}
}
func NotFound(why Reason, args ...any) *Error {
	return &Error{Kind: KindNotFound, Reason: why, Args: args}
}
func Conflict(why Reason, args ...any) *Error {
	return &Error{Kind: KindConflict, Reason: why, Args: args}
}
func Declined(why Reason, args ...any) *Error {
	return &Error{Kind: KindDeclined, Reason: why, Args: args}
}
func Reused(why Reason, args ...any) *Error { return &Error{Kind: KindReused, Reason: why, Args: args} }
func Denied(why Reason, args ...any) *Error { return &Error{Kind: KindDenied, Reason: why, Args: args} }
func Throttled(why Reason, args ...any) *Error {
	return &Error{Kind: KindThrottled, Reason: why, Args: args}
}
func Unavailable(why Reason, args ...any) *Error {
	return &Error{Kind: KindUnavailable, Reason: why, Args: args}
}
