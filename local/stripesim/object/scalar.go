package object

import (
	"bytes"
	"strconv"
)

// Text is a string that is null when empty.
type Text string

// Stamp is a Unix time that is null when zero.
type Stamp int64

// Decimal is an exact decimal written as a JSON string, null when empty.
type Decimal string

// Number is an exact decimal written as a JSON number, null when empty.
type Number string

// Null is a field that the simulator never fills.
type Null struct{}

// Empty is a list that the simulator never fills.
type Empty struct{}

// Raw is JSON kept as it is, null when absent.
type Raw []byte

// Metadata is a map that is {} rather than null.
type Metadata map[string]string

var null = []byte("null")

func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return null, nil
	}
	return quote(string(t)), nil
}

func (s Stamp) MarshalJSON() ([]byte, error) {
	if s == 0 {
		return null, nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}

func (d Decimal) MarshalJSON() ([]byte, error) { return Text(d).MarshalJSON() }

func (n Number) MarshalJSON() ([]byte, error) {
	if n == "" {
		return null, nil
	}
	return []byte(n), nil
}

func (n *Number) UnmarshalJSON(b []byte) error {
	*n = ""
	if !bytes.Equal(b, null) {
		*n = Number(b)
	}
	return nil
}

func (Null) MarshalJSON() ([]byte, error)  { return null, nil }
func (*Null) UnmarshalJSON([]byte) error   { return nil }
func (Empty) MarshalJSON() ([]byte, error) { return []byte("[]"), nil }
func (*Empty) UnmarshalJSON([]byte) error  { return nil }

func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return null, nil
	}
	return r, nil
}

func (r *Raw) UnmarshalJSON(b []byte) error {
	*r = nil
	if !bytes.Equal(b, null) {
		*r = bytes.Clone(b)
	}
	return nil
}

func (m Metadata) MarshalJSON() ([]byte, error) {
	if len(m) == 0 {
		return []byte("{}"), nil
	}
	return encode(map[string]string(m))
}

// quote writes a string; nearly all of them need no escaping.
func quote(s string) []byte { return appendQuoted(make([]byte, 0, len(s)+2), s) }

func appendQuoted(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c > '~' {
			b, _ := encode(s)
			return append(out, b...)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}
