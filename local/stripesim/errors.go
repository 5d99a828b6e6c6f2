package stripesim

import (
	"fmt"
	"net/http"
	"strings"

	"windfall/local/stripesim/object"
)

// apiError is an answer that is not 200.
type apiError struct {
	status int
	body   object.APIError
	// keep is set when the request failed but left traces: a declined charge
	// is remembered although its answer is 402.
	keep bool
}

func (e *apiError) Error() string { return e.body.Message }

const docs = "https://stripe.com/docs/error-codes/"

func newError(status int, kind, code, param, message string) *apiError {
	e := &apiError{status: status, body: object.APIError{Type: kind, Code: code, Param: param, Message: message}}
	if code != "" {
		e.body.DocURL = docs + strings.ReplaceAll(code, "_", "-")
	}
	return e
}

// invalid is Stripe's 400 about one parameter.
func invalid(param, format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, "invalid_request_error", "", param, fmt.Sprintf(format, args...))
}

// invalidCode is a 400 with a code that programs can act on.
func invalidCode(code, param, format string, args ...any) *apiError {
	return newError(http.StatusBadRequest, "invalid_request_error", code, param, fmt.Sprintf(format, args...))
}

// missing is what Stripe says about an id it does not know: 404 when the id is
// the address, 400 when it is a parameter.
func missing(what, id, param string) *apiError {
	status := http.StatusBadRequest
	if param == "id" {
		status = http.StatusNotFound
	}
	return newError(status, "invalid_request_error", "resource_missing", param, fmt.Sprintf("No such %s: '%s'", what, id))
}
