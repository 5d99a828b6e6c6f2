// Package walk reads a few fields out of a JSON text without decoding the rest.
package walk

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Walk reads fields out of a JSON text that is known to be valid, and passes over
// the rest without a copy. Texts that it reads are parts of the whole. As in
// encoding/json, null leaves a value as it is, and of a repeated field the last counts.
type Walk struct {
	text  string
	at    int
	wrong string
}

// New is a walk over a valid JSON text.
func New(text string) Walk { return Walk{text: text} }

// Wrong is a value of another kind than it was read as, "" for none.
func (w *Walk) Wrong() string { return w.wrong }

// Object calls field with the name of each field of an object. It reads the value or
// leaves it.
func (w *Walk) Object(field func(name string)) {
	if w.Peek() != '{' {
		w.expect("null")
		return
	}
	w.at++
	for w.Peek() != '}' {
		if w.text[w.at] == ',' {
			w.at++
			continue
		}
		name := Unquoted(w.Value())
		w.Peek() // a colon
		w.at++
		w.Peek()
		value := w.at
		if field(name); w.at == value {
			w.Value()
		}
	}
	w.at++
}

// Peek is the next byte that is no space.
func (w *Walk) Peek() byte {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[w.at]) >= 0 {
		w.at++
	}
	return w.text[w.at]
}

// Value passes over a value and returns its JSON.
func (w *Walk) Value() string {
	w.Peek()
	from, depth := w.at, 0
	for ; w.at < len(w.text); w.at++ {
		switch w.text[w.at] {
		case '"':
			for w.at++; w.text[w.at] != '"'; w.at++ {
				if w.text[w.at] == '\\' {
					w.at++
				}
			}
			if depth == 0 {
				w.at++
				return w.text[from:w.at]
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return w.text[from:w.at] // it ends with what holds it
			}
			if depth == 0 {
				w.at++
				return w.text[from:w.at]
			}
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return w.text[from:w.at]
			}
		}
	}
	return w.text[from:]
}

// expect notes a value that is none of those.
func (w *Walk) expect(values ...string) (is string) {
	is = w.Value()
	for _, v := range values {
		if is == v {
			return is
		}
	}
	w.wrong = is
	return is
}

// String reads a text, or null.
func (w *Walk) String(into *string) {
	if w.Peek() == '"' {
		*into = Unquoted(w.Value())
		return
	}
	w.expect("null")
}

// Flag reads true, false or null.
func (w *Walk) Flag(into *bool) {
	if is := w.expect("true", "false", "null"); is != "null" {
		*into = is == "true"
	}
}

// Whole reads a whole number, or null.
func (w *Walk) Whole(into *int64) {
	is := w.Value()
	if n, err := strconv.ParseInt(is, 10, 64); err == nil {
		*into = n
	} else if is != "null" {
		w.wrong = is
	}
}

// Unquoted is the text of a JSON string. Go's own literals have most of its escapes.
func Unquoted(quoted string) string {
	if utf8.ValidString(quoted) {
		if strings.IndexByte(quoted, '\\') < 0 {
			return quoted[1 : len(quoted)-1]
		}
		if text, err := strconv.Unquote(quoted); err == nil {
			return text
		}
	}
	var text string
	_ = json.Unmarshal([]byte(quoted), &text) // it is valid
	return text
}
