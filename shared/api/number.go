package api

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Number is an exact decimal in JSON: a bare number, in and out.
type Number struct{ money.Decimal }

// NumberOf returns a decimal as answers encode it.
func NumberOf(d money.Decimal) Number { return Number{d} }

func (n *Number) UnmarshalJSON(b []byte) (err error) {
	n.Decimal, err = readNumber(b)
	return err
}

func readNumber(b []byte) (money.Decimal, error) {
	d, err := money.ParseDecimal(string(b)) // also refuses strings, objects and null
	return d, notANumber(err)
}

// notANumber words the error of a number that can't be read.
func notANumber(err error) error {
	if err == nil {
		return nil
	}
	var why *refusal.Error
	switch {
	case !errors.As(err, &why):
		return err
	case why.Reason == money.ReasonNumberTooFine:
		return InvalidInputs("%.40q is too large or too fine: at most %d digits before and %d after the point.", why.Args...)
	}
	if text := fmt.Sprint(why.Args...); strings.HasPrefix(text, `"`) { // JSON, which is quoted already
		return InvalidInputs("%.40s is not a number this API takes. Send it without quotes.", text)
	}
	return InvalidInputs("%.40q is not a number this API takes.", why.Args...)
}

func (n Number) MarshalJSON() ([]byte, error) { return money.AppendJSON(nil, n.Decimal), nil }

// OrInf is a number or the text "inf".
type OrInf struct {
	Number
	Inf bool
}

func (n *OrInf) UnmarshalJSON(b []byte) error {
	if string(b) == `"inf"` {
		n.Inf = true
		return nil
	}
	return n.Number.UnmarshalJSON(b)
}

func (n OrInf) MarshalJSON() ([]byte, error) {
	if n.Inf {
		return []byte(`"inf"`), nil
	}
	return n.Number.MarshalJSON()
}

// Millis is a time in milliseconds since 1970, null if it is zero.
type Millis time.Time

func (m Millis) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, time.Time(m).UnixMilli(), 10), nil
}

// OrNull is a text, null if it is empty.
type OrNull string

func (s OrNull) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return EncodeJSON(string(s))
}

// Optional is nil for an absent decimal.
func Optional(d *money.Decimal) *Number {
	if d == nil {
		return nil
	}
	return &Number{*d}
}

func (n *Number) Given() *money.Decimal {
	if n == nil {
		return nil
	}
	return &n.Decimal
}
