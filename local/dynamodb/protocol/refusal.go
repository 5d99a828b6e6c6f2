package protocol

import "fmt"

// Refusal is an error as the service words it: an HTTP status, a code that SDKs
// turn into a typed error, and a message.
type Refusal struct {
	Status  int
	Code    string
	Message string
}

// Error is the code and the message.
func (e *Refusal) Error() string { return e.Code + ": " + e.Message }

// Refuse returns a refusal with status 400.
func Refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Status: 400, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Invalid returns a ValidationException.
func Invalid(format string, args ...any) *Refusal {
	return Refuse("ValidationException", format, args...)
}

// InvalidValue returns a ValidationException for an item or key that cannot be
// stored.
func InvalidValue(format string, args ...any) *Refusal {
	return Invalid("One or more parameter values were invalid: "+format, args...)
}

// Malformed returns a SerializationException.
func Malformed(format string, args ...any) *Refusal {
	return Refuse("SerializationException", format, args...)
}

// Internal returns an InternalServerError with status 500.
func Internal(format string, args ...any) *Refusal {
	return &Refusal{Status: 500, Code: "InternalServerError", Message: fmt.Sprintf(format, args...)}
}
