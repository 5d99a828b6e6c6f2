package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A Refusal is an error as callers see it: from this package, from a dialect,
// or worded by a dialect from an error of the rules.
type Refusal struct {
	Status  int
	Code    string // stable and machine-readable: "invalid_inputs"
	Message string // one sentence for a person; never holds secrets
	Err     error  // the cause, for the log; may be nil
}

func (e *Refusal) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return e.Code + ": " + e.Message
}

func (e *Refusal) Unwrap() error { return e.Err }

// Invalid refuses a request that can't succeed as it is written.
func Invalid(format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: "invalid_request", Message: fmt.Sprintf(format, args...)}
}

// InvalidInputs refuses a field of the wrong shape.
func InvalidInputs(format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Code: "invalid_inputs", Message: fmt.Sprintf(format, args...)}
}

// Words give an error of the rules its stable code and its sentence, in a
// dialect.
type Words func(*refusal.Error) (code, message string)

// statuses is the one mapping from kinds of errors to HTTP. A list takes fewer bytes of every function
// than a map or a switch.
var statuses = []struct {
	kind   refusal.Kind
	status int
}{
	{refusal.KindInvalid, http.StatusBadRequest},
	{refusal.KindNotFound, http.StatusNotFound},
	{refusal.KindConflict, http.StatusConflict},
	{refusal.KindDeclined, http.StatusPaymentRequired},
	{refusal.KindDenied, http.StatusUnauthorized},
	{refusal.KindReused, http.StatusUnprocessableEntity},
	{refusal.KindThrottled, http.StatusTooManyRequests},
	{refusal.KindUnavailable, http.StatusServiceUnavailable},
}

// statusOf is the status of a kind of errors; 0 for none.
func statusOf(k refusal.Kind) int {
	for i := range statuses {
		if statuses[i].kind == k {
			return statuses[i].status
		}
	}
	return 0
}

// errorBody is the body of every failure.
type errorBody struct {
	Message string      `json:"message"`
	Code    string      `json:"code"`
	Env     catalog.Env `json:"env"`
}

// ErrorAnswer returns the status and body of an error. The caller sees refusals
// only; the cause of any other error goes to the log alone. Of two refusals the
// first that errors.As finds counts.
func ErrorAnswer(err error, env catalog.Env, words Words) (int, errorBody) {
	var ours *Refusal
	var rule *refusal.Error
	switch {
	case errors.As(err, &ours):
	case errors.As(err, &rule):
		code, message := words(rule)
		ours = &Refusal{Status: statusOf(rule.Kind), Code: code, Message: message}
	case errors.Is(err, context.DeadlineExceeded):
		ours = errTooSlow
	default:
		return http.StatusInternalServerError,
			errorBody{"Something went wrong on our side. Repeating the request is safe.", "internal_error", env}
	}
	return ours.Status, errorBody{cut(ours.Message), ours.Code, env}
}

// errTooSlow is the answer if the function's time ran out. The outcome of the
// last write is then unknown.
var errTooSlow = &Refusal{Status: http.StatusServiceUnavailable, Code: "timeout",
	Message: "The request took too long. Repeat it with the same Idempotency-Key; one without a key may have had its effect."}

// ErrRoute refuses a path or method that has no route.
func ErrRoute(method, path string) *Refusal {
	return &Refusal{Status: http.StatusNotFound, Code: "route_not_found", Message: "There is no route " + method + " " + path + "."}
}
