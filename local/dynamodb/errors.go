package dynamodb

import (
	"errors"
	"fmt"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// conditionFailure is a write refused by its condition, with the stored item
// when the request asked for it.
type conditionFailure struct {
	*protocol.Refusal
	item attribute.Item
}

func (e *conditionFailure) Unwrap() error { return e.Refusal }

func conditionFailed(shown attribute.Item) error {
	return &conditionFailure{protocol.Refuse("ConditionalCheckFailedException", "The conditional request failed"), shown}
}

// cancellation is a transaction that was not carried out.
type cancellation struct {
	*protocol.Refusal
	reasons []reason // one for each action, in order
}

func (e *cancellation) Unwrap() error { return e.Refusal }

// reason tells why one action of a transaction was or was not to blame.
type reason struct {
	code    string // "None" when this action was fine
	message string
	item    attribute.Item
}

func cancelled(reasons []reason) error {
	codes := ""
	for i, r := range reasons {
		if i > 0 {
			codes += ", "
		}
		codes += r.code
	}
	e := protocol.Refuse("TransactionCanceledException", "%s",
		fmt.Sprintf("Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", codes))
	return &cancellation{e, reasons}
}

func reasonFor(err error) reason {
	var e *protocol.Refusal
	if !errors.As(err, &e) {
		return reason{code: "InternalServerError", message: err.Error()}
	}
	switch e.Code {
	case "ConditionalCheckFailedException":
		r := reason{code: "ConditionalCheckFailed", message: e.Message}
		var failed *conditionFailure
		if errors.As(err, &failed) {
			r.item = failed.item
		}
		return r
	case "ValidationException":
		return reason{code: "ValidationError", message: e.Message}
	}
	return reason{code: e.Code, message: e.Message}
}

// refusalIn finds the refusal in an error; any other error is an internal one.
func refusalIn(err error) *protocol.Refusal {
	var e *protocol.Refusal
	if err != nil && !errors.As(err, &e) {
		return protocol.Internal("%v", err)
	}
	return e
}

// appendError writes an error as the body of an answer.
func appendError(out []byte, err error) []byte {
	e := refusalIn(err)
	out = append(out, `{"__type":"com.amazonaws.dynamodb.v20120810#`...)
	out = append(out, e.Code...)
	out = append(out, `","message":`...)
	out = protocol.AppendText(out, e.Message)
	var failed *conditionFailure
	if errors.As(err, &failed) && failed.item != nil {
		out = attribute.AppendItem(protocol.Member(out, "Item"), failed.item)
	}
	var stopped *cancellation
	if errors.As(err, &stopped) {
		out = append(protocol.Member(out, "CancellationReasons"), '[')
		for i, r := range stopped.reasons {
			out = appendReason(protocol.Comma(out, i), r)
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

func appendReason(out []byte, r reason) []byte {
	out = append(out, `{"Code":`...)
	out = protocol.AppendText(out, r.code)
	if r.message != "" {
		out = protocol.AppendText(protocol.Member(out, "Message"), r.message)
	}
	if r.item != nil {
		out = attribute.AppendItem(protocol.Member(out, "Item"), r.item)
	}
	return append(out, '}')
}
