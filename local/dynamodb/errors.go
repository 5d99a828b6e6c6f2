package dynamodb

import (
	"errors"
	"fmt"
)

// conditionFailure is a write refused by its condition, with the stored item
// when the request asked for it.
type conditionFailure struct {
	*refusal
	item item
}

func (e *conditionFailure) Unwrap() error { return e.refusal }

func conditionFailed(shown item) error {
	return &conditionFailure{refuse("ConditionalCheckFailedException", "The conditional request failed"), shown}
}

// cancellation is a transaction that was not carried out.
type cancellation struct {
	*refusal
	reasons []reason // one for each action, in order
}

func (e *cancellation) Unwrap() error { return e.refusal }

// reason tells why one action of a transaction was or was not to blame.
type reason struct {
	code    string // "None" when this action was fine
	message string
	item    item
}

func cancelled(reasons []reason) error {
	codes := ""
	for i, r := range reasons {
		if i > 0 {
			codes += ", "
		}
		codes += r.code
	}
	e := refuse("TransactionCanceledException", "%s",
		fmt.Sprintf("Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", codes))
	return &cancellation{e, reasons}
}

func reasonFor(err error) reason {
	var e *refusal
	if !errors.As(err, &e) {
		return reason{code: "InternalServerError", message: err.Error()}
	}
	switch e.code {
	case "ConditionalCheckFailedException":
		r := reason{code: "ConditionalCheckFailed", message: e.message}
		var failed *conditionFailure
		if errors.As(err, &failed) {
			r.item = failed.item
		}
		return r
	case "ValidationException":
		return reason{code: "ValidationError", message: e.message}
	}
	return reason{code: e.code, message: e.message}
}

// refusalIn finds the refusal in an error; any other error is an internal one.
func refusalIn(err error) *refusal {
	var e *refusal
	if err != nil && !errors.As(err, &e) {
		return internal("%v", err)
	}
	return e
}

// appendError writes an error as the body of an answer.
func appendError(out []byte, err error) []byte {
	e := refusalIn(err)
	out = append(out, `{"__type":"com.amazonaws.dynamodb.v20120810#`...)
	out = append(out, e.code...)
	out = append(out, `","message":`...)
	out = appendText(out, e.message)
	var failed *conditionFailure
	if errors.As(err, &failed) && failed.item != nil {
		out = appendItem(member(out, "Item"), failed.item)
	}
	var stopped *cancellation
	if errors.As(err, &stopped) {
		out = append(member(out, "CancellationReasons"), '[')
		for i, r := range stopped.reasons {
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
		out = appendText(member(out, "Message"), r.message)
	}
	if r.item != nil {
		out = appendItem(member(out, "Item"), r.item)
	}
	return append(out, '}')
}
