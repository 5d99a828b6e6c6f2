package dynamodb

import "fmt"

// apiError is a refusal as the service words it: an HTTP status, a code that
// SDKs turn into a typed error, and what some codes carry besides.
type apiError struct {
	status  int
	code    string
	message string
	item    item     // the item that made a condition fail, when it was asked for
	reasons []reason // one for each action of a cancelled transaction, in order
}

// reason tells why one action of a transaction was or was not to blame.
type reason struct {
	code    string // "None" when this action was fine
	message string
	item    item
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func refuse(code, format string, args ...any) *apiError {
	return &apiError{status: 400, code: code, message: fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *apiError {
	return refuse("ValidationException", format, args...)
}

// invalidValue is the service's wording for an item or key it cannot store.
func invalidValue(format string, args ...any) *apiError {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

func malformed(format string, args ...any) *apiError {
	return refuse("SerializationException", format, args...)
}

func notFound(table string) *apiError {
	return refuse("ResourceNotFoundException", "Requested resource not found: Table: %s not found", table)
}

func conditionFailed(shown item) *apiError {
	e := refuse("ConditionalCheckFailedException", "The conditional request failed")
	e.item = shown
	return e
}

func internal(format string, args ...any) *apiError {
	return &apiError{status: 500, code: "InternalServerError", message: fmt.Sprintf(format, args...)}
}

// appendError writes the error as the body of an answer.
func appendError(out []byte, e *apiError) []byte {
	out = append(out, `{"__type":"com.amazonaws.dynamodb.v20120810#`...)
	out = append(out, e.code...)
	out = append(out, `","message":`...)
	out = appendText(out, e.message)
	if e.item != nil {
		out = append(out, `,"Item":`...)
		out = appendItem(out, e.item)
	}
	if e.reasons != nil {
		out = append(out, `,"CancellationReasons":[`...)
		for i, r := range e.reasons {
			out = appendReason(comma(out, i), r)
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func appendReason(out []byte, r reason) []byte {
	out = append(out, `{"Code":`...)
	out = appendText(out, r.code)
	if r.message != "" {
		out = append(out, `,"Message":`...)
		out = appendText(out, r.message)
	}
	if r.item != nil {
		out = append(out, `,"Item":`...)
		out = appendItem(out, r.item)
	}
	return append(out, '}')
}
