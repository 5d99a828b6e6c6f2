package api

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A walk reads fields out of a JSON text that is known to be valid, and passes over
// the rest without a copy. Texts that it reads are parts of the whole. As in
// encoding/json, null leaves a value as it is, and of a repeated field the last counts.
type walk struct {
	text  string
	at    int
	wrong string // a value of another kind than it was read as
}

// object calls field with the name of each field of an object. It reads the value or
// leaves it.
func (w *walk) object(field func(name string)) {
	if w.peek() != '{' {
		w.expect("null")
		return
	}
	w.at++
	for w.peek() != '}' {
		if w.text[w.at] == ',' {
			w.at++
			continue
		}
		name := unquoted(w.value())
		w.peek() // a colon
		w.at++
		w.peek()
		value := w.at
		if field(name); w.at == value {
			w.value()
		}
	}
	w.at++
}

// peek is the next byte that is no space.
func (w *walk) peek() byte {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[w.at]) >= 0 {
		w.at++
	}
	return w.text[w.at]
}

// value passes over a value and returns its JSON.
func (w *walk) value() string {
	w.peek()
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
func (w *walk) expect(values ...string) (is string) {
	is = w.value()
	for _, v := range values {
		if is == v {
			return is
		}
	}
	w.wrong = is
	return is
}

func (w *walk) string(into *string) {
	if w.peek() == '"' {
		*into = unquoted(w.value())
		return
	}
	w.expect("null")
}

func (w *walk) flag(into *bool) {
	if is := w.expect("true", "false", "null"); is != "null" {
		*into = is == "true"
	}
}

func (w *walk) whole(into *int64) {
	is := w.value()
	if n, err := strconv.ParseInt(is, 10, 64); err == nil {
		*into = n
	} else if is != "null" {
		w.wrong = is
	}
}

// unquoted is the text of a JSON string. Go's own literals have most of its escapes.
func unquoted(quoted string) string {
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
