package api

import (
	"context"
	"errors"
	"net/http"

	"windfall/shared/billing"
)

// statuses is the one mapping from kinds of errors to HTTP.
var statuses = map[billing.Kind]int{
	billing.KindInvalid:     http.StatusBadRequest,
	billing.KindNotFound:    http.StatusNotFound,
	billing.KindConflict:    http.StatusConflict,
	billing.KindPayment:     http.StatusPaymentRequired,
	billing.KindDenied:      http.StatusUnauthorized,
	billing.KindTooLarge:    http.StatusRequestEntityTooLarge,
	billing.KindMediaType:   http.StatusUnsupportedMediaType,
	billing.KindMismatch:    http.StatusUnprocessableEntity,
	billing.KindThrottled:   http.StatusTooManyRequests,
	billing.KindUnavailable: http.StatusServiceUnavailable,
}

// errorBody is what every failure looks like.
type errorBody struct {
	Message string      `json:"message"`
	Code    string      `json:"code"`
	Env     billing.Env `json:"env"`
}

// errorAnswer returns the status and body of an error. Only a billing.Error is
// shown; anything else is our own fault, whose cause goes to the log alone.
func errorAnswer(err error, env billing.Env) (int, errorBody) {
	var known *billing.Error
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
var errTooSlow = &billing.Error{Kind: billing.KindUnavailable, Code: "timeout",
	Message: "The request took too long. Repeat it with the same Idempotency-Key; one without a key may have had its effect."}

func errRoute(method, path string) *billing.Error {
	return &billing.Error{Kind: billing.KindNotFound, Code: "route_not_found",
		Message: "There is no route " + method + " " + path + "."}
}
