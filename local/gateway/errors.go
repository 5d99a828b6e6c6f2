package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

var (
	// ErrThrottled means that a function has reached its concurrency.
	ErrThrottled = errors.New("no more copies of the function may run")
	// ErrTimeout means that a function ran longer than its time-out.
	ErrTimeout = errors.New("the function timed out")
	// ErrTooManyRequests means that the API's rate limit is reached.
	ErrTooManyRequests = errors.New("too many requests")
)

// A FunctionError is a function that failed: it returned an error, panicked or
// ended. Lambda reports it in the log only.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

func (e *FunctionError) Error() string {
	return fmt.Sprintf("function failed: %s: %s", e.Type, e.Message)
}

var errAnswerTooLarge = &FunctionError{Type: "Function.ResponseSizeTooLarge", Message: "the answer is larger than Lambda's limit of 6,291,556 bytes"}

// A refusal is an answer of API Gateway without, or instead of, the function's.
// message is AWS's own wording.
type refusal struct {
	status  int
	message string
	code    string
}

func (r *refusal) Error() string { return r.message }

var (
	errBodyTooLarge    = &refusal{http.StatusRequestEntityTooLarge, "Request Entity Too Large", "request_too_large"}
	errHeadersTooLarge = &refusal{http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large", "headers_too_large"}
	errBadPath         = &refusal{http.StatusBadRequest, "Bad Request", "invalid_path"}
	errNoRoute         = &refusal{http.StatusNotFound, "Not Found", "not_found"}
	errFailed          = &refusal{http.StatusInternalServerError, "Internal Server Error", "internal_error"}
	errUnavailable     = &refusal{http.StatusServiceUnavailable, "Service Unavailable", "service_unavailable"}
	errTooMany         = &refusal{http.StatusTooManyRequests, "Too Many Requests", "too_many_requests"}
)

// refuse answers err in the API's error format, {message, code, env}. AWS
// sends the message alone; clients that read that keep working.
func refuse(w http.ResponseWriter, err error) {
	answer := errFailed // a function's failure and its time-out get the same answer
	var own *refusal
	switch {
	case errors.As(err, &own):
		answer = own
	case errors.Is(err, ErrThrottled):
		answer = errUnavailable
	case errors.Is(err, ErrTooManyRequests):
		answer = errTooMany
	}
	body, _ := json.Marshal(map[string]string{"message": answer.message, "code": answer.code, "env": ""})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.status)
	_, _ = w.Write(body) // the caller may be gone
}
