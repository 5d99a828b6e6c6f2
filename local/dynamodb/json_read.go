package dynamodb

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonReader walks over a JSON document once, without reflection and without
// building a tree. The first error sticks and ends every loop, so callers look
// at err once, at the end.
type jsonReader struct {
	data  []byte
	at    int
	depth int
	err   error
}

const maxJSONDepth = 200

func (r *jsonReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *jsonReader) malformed() {
	r.fail(malformed("Unexpected content at byte %d of the request", r.at))
}

// next skips blanks and returns the next byte without taking it, 0 at the end
// or after an error.
func (r *jsonReader) next() byte {
	for r.err == nil && r.at < len(r.data) {
		switch c := r.data[r.at]; c {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return c
		}
	}
	return 0
}

func (r *jsonReader) expect(c byte) bool {
	if r.next() != c {
		r.malformed()
		return false
	}
	r.at++
	return true
}

// object calls each for every key, with the reader placed before its value.
// Keys whose value is null are left out: the service treats them as absent.
func (r *jsonReader) object(each func(key string)) {
	r.enclosed('{', '}', func() {
		key := r.text()
		if r.expect(':') && !r.null() && r.err == nil {
			each(key)
		}
	})
}

func (r *jsonReader) array(each func()) { r.enclosed('[', ']', each) }

func (r *jsonReader) enclosed(open, end byte, each func()) {
	if r.depth++; r.depth > maxJSONDepth {
		r.malformed()
	}
	defer func() { r.depth-- }()
	if !r.expect(open) {
		return
	}
	if r.next() == end {
		r.at++
		return
	}
	for r.err == nil {
		each()
		switch r.next() {
		case ',':
			r.at++
		case end:
			r.at++
			return
		default:
			r.malformed()
		}
	}
}

func (r *jsonReader) word(w string) bool {
	if r.next() != w[0] || len(r.data)-r.at < len(w) || string(r.data[r.at:r.at+len(w)]) != w {
		return false
	}
	r.at += len(w)
	return true
}

func (r *jsonReader) null() bool { return r.word("null") }

func (r *jsonReader) boolean() bool {
	if r.word("true") {
		return true
	}
	if !r.word("false") {
		r.malformed()
	}
	return false
}

func (r *jsonReader) integer() int {
	n, err := strconv.Atoi(r.numeral())
	if err != nil {
		r.malformed()
	}
	return n
}

func (r *jsonReader) numeral() string {
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

// text reads a string.
func (r *jsonReader) text() string {
	if !r.expect('"') {
		return ""
	}
	start := r.at
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case c == '"':
			s := r.data[start:r.at]
			r.at++
			if !utf8.Valid(s) {
				r.malformed()
			}
			return string(s)
		case c == '\\':
			return r.escapedText(start)
		case c < ' ':
			r.malformed()
			return ""
		}
		r.at++
	}
	r.malformed()
	return ""
}

// escapedText reads on from the first backslash of a string.
func (r *jsonReader) escapedText(start int) string {
	out := append([]byte(nil), r.data[start:r.at]...)
	for r.at < len(r.data) && r.err == nil {
		c := r.data[r.at]
		r.at++
		switch {
		case c == '"':
			if !utf8.Valid(out) {
				r.malformed()
			}
			return string(out)
		case c == '\\':
			out = r.escape(out)
		case c < ' ':
			r.malformed()
		default:
			out = append(out, c)
		}
	}
	r.malformed()
	return ""
}

func (r *jsonReader) escape(out []byte) []byte {
	if r.at >= len(r.data) {
		return out
	}
	c := r.data[r.at]
	r.at++
	switch c {
	case '"', '\\', '/':
		return append(out, c)
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'u':
		return r.unicodeEscape(out)
	}
	r.malformed()
	return out
}

func (r *jsonReader) unicodeEscape(out []byte) []byte {
	first := r.hex4()
	if utf16.IsSurrogate(first) {
		if r.at+1 >= len(r.data) || r.data[r.at] != '\\' || r.data[r.at+1] != 'u' {
			r.malformed()
			return out
		}
		r.at += 2
		first = utf16.DecodeRune(first, r.hex4())
		if first == utf8.RuneError {
			r.malformed()
		}
	}
	return utf8.AppendRune(out, first)
}

func (r *jsonReader) hex4() rune {
	if len(r.data)-r.at < 4 {
		r.malformed()
		return 0
	}
	n, err := strconv.ParseUint(string(r.data[r.at:r.at+4]), 16, 32)
	if err != nil {
		r.malformed()
	}
	r.at += 4
	return rune(n)
}

// skip passes over a value of any type.
func (r *jsonReader) skip() {
	switch c := r.next(); {
	case c == '{':
		r.object(func(string) { r.skip() })
	case c == '[':
		r.array(r.skip)
	case c == '"':
		r.text()
	case c == 't' || c == 'f':
		r.boolean()
	case r.null():
	case r.numeral() == "":
		r.malformed()
	}
}

// end demands that nothing but blanks is left.
func (r *jsonReader) end() {
	if r.next() != 0 || r.err == nil && r.at < len(r.data) {
		r.malformed()
	}
}
