package protocol

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

func (r *Reader) word(w string) bool {
	if r.next() != w[0] || len(r.data)-r.at < len(w) || string(r.data[r.at:r.at+len(w)]) != w {
		return false
	}
	r.at += len(w)
	return true
}

func (r *Reader) null() bool { return r.word("null") }

// Boolean reads true or false.
func (r *Reader) Boolean() bool {
	if r.word("true") {
		return true
	}
	if !r.word("false") {
		r.Unexpected()
	}
	return false
}

// Integer reads a whole number.
func (r *Reader) Integer() int {
	n, err := strconv.Atoi(r.numeral())
	if err != nil {
		r.Unexpected()
	}
	return n
}

func (r *Reader) numeral() string {
	r.next()
	start := r.at
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			r.at++
			continue
		}
		break
	}
	return string(r.data[start:r.at])
}

// Skip passes over a value of any type.
func (r *Reader) Skip() {
	switch c := r.next(); {
	case c == '{':
		r.Object(func(string) { r.Skip() })
	case c == '[':
		r.Array(r.Skip)
	case c == '"':
		r.Text()
	case c == 't' || c == 'f':
		r.Boolean()
	case r.null():
	case r.numeral() == "":
		r.Unexpected()
	}
}

// Raw passes over a value of any type and returns a copy of its text.
func (r *Reader) Raw() []byte {
	r.next()
	start := r.at
	r.Skip()
	return bytes.Clone(r.data[start:r.at])
}

// OneOf reads the text of a parameter that has few allowed values; any other is a
// ValidationException.
func (r *Reader) OneOf(name string, allowed ...string) string {
	text := r.Text()
	if slices.Contains(allowed, text) {
		return text
	}
	r.Fail(Invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]",
		text, name, strings.Join(allowed, ", ")))
	return text
}
