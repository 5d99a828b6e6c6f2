package dynamodb

import "fmt"

// refusal is an error as the service words it: an HTTP status, a code that SDKs
// turn into a typed error, and a message.
type refusal struct {
	status  int
	code    string
	message string
}

func (e *refusal) Error() string { return e.code + ": " + e.message }

// refuse returns a refusal with status 400.
func refuse(code, format string, args ...any) *refusal {
	return &refusal{status: 400, code: code, message: fmt.Sprintf(format, args...)}
}

// invalid returns a ValidationException.
func invalid(format string, args ...any) *refusal {
	return refuse("ValidationException", format, args...)
}

// invalidValue returns a ValidationException for an item or key that cannot be
// stored.
func invalidValue(format string, args ...any) *refusal {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

// malformed returns a SerializationException.
func malformed(format string, args ...any) *refusal {
	return refuse("SerializationException", format, args...)
}

// internal returns an InternalServerError with status 500.
func internal(format string, args ...any) *refusal {
	return &refusal{status: 500, code: "InternalServerError", message: fmt.Sprintf(format, args...)}
}
