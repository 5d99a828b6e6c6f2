package api

import (
	"context"
	"errors"
	"net/http"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// statuses is the one mapping from kinds of errors to HTTP.
var statuses = map[refusal.Kind]int{
	refusal.KindInvalid:     http.StatusBadRequest,
	refusal.KindNotFound:    http.StatusNotFound,
	refusal.KindConflict:    http.StatusConflict,
	refusal.KindPayment:     http.StatusPaymentRequired,
	refusal.KindDenied:      http.StatusUnauthorized,
	refusal.KindTooLarge:    http.StatusRequestEntityTooLarge,
	refusal.KindMediaType:   http.StatusUnsupportedMediaType,
	refusal.KindMismatch:    http.StatusUnprocessableEntity,
	refusal.KindThrottled:   http.StatusTooManyRequests,
	refusal.KindUnavailable: http.StatusServiceUnavailable,
}

// errorBody is what every failure looks like.
type errorBody struct {
	Message string      `json:"message"`
	Code    string      `json:"code"`
	Env     catalog.Env `json:"env"`
}

// errorAnswer returns the status and body of an error. Only a refusal.Error is
// shown; anything else is our own fault, whose cause goes to the log alone.
func errorAnswer(err error, env catalog.Env) (int, errorBody) {
	var known *refusal.Error
	switch {
	case errors.As(err, &known):
	case errors.Is(err, context.DeadlineExceeded):
		known = errTooSlow
	default:
		return http.StatusInternalServerError,
			errorBody{"Something went wrong on our side. Repeating the request is safe.", "internal_error", env}
	}
	return statuses[known.Kind], errorBody{cut(known.Message), known.Code, env}
}

// errTooSlow is answered when the function's time ran out. Whether the last
// write came through is not known then.
var errTooSlow = &refusal.Error{Kind: refusal.KindUnavailable, Code: "timeout",
	Message: "The request took too long. Repeat it with the same Idempotency-Key; one without a key may have had its effect."}

func errRoute(method, path string) *refusal.Error {
	return &refusal.Error{Kind: refusal.KindNotFound, Code: "route_not_found",
		Message: "There is no route " + method + " " + path + "."}
}
