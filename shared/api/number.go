package api

import (
	"strconv"
	"time"

	"windfall/shared/money"
)

// A number is an exact decimal on the wire: a bare JSON number, in and out.
type number struct{ money.Decimal }

func (n *number) UnmarshalJSON(b []byte) error {
	d, err := money.ParseDecimal(string(b)) // also refuses strings, objects and null
	n.Decimal = d
	return err
}

func (n number) MarshalJSON() ([]byte, error) { return []byte(n.String()), nil }

// orInf is a number or the text "inf".
type orInf struct {
	number
	inf bool
}

func (n *orInf) UnmarshalJSON(b []byte) error {
	if string(b) == `"inf"` {
		n.inf = true
		return nil
	}
	return n.number.UnmarshalJSON(b)
}

func (n orInf) MarshalJSON() ([]byte, error) {
	if n.inf {
		return []byte(`"inf"`), nil
	}
	return n.number.MarshalJSON()
}

// ms is a moment in milliseconds since 1970, null when it is not set.
type ms time.Time

func (m ms) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, time.Time(m).UnixMilli(), 10), nil
}

// orNull is a text that is null when it is empty.
type orNull string

func (s orNull) MarshalJSON() ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return encode(string(s))
}

// optional keeps a decimal that may be absent.
func optional(d *money.Decimal) *number {
	if d == nil {
		return nil
	}
	return &number{*d}
}

func (n *number) decimal() *money.Decimal {
	if n == nil {
		return nil
	}
	return &n.Decimal
}
