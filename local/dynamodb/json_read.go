package dynamodb

import (
	"bytes"
	"strconv"
)

// jsonReader walks over a JSON document once, without reflection and without
// building a tree. The first error sticks and ends every loop, so callers look
// at Err once, at the end.
type jsonReader struct {
	data  []byte
	at    int
	depth int
	err   error
}

const maxJSONDepth = 200

// newReader reads a document from its beginning.
func newReader(document []byte) *jsonReader { return &jsonReader{data: document} }

// document is all that there is to read.
func (r *jsonReader) document() []byte { return r.data }

// Err is the first error.
func (r *jsonReader) Err() error { return r.err }

// fail ends the reading with an error, unless there is one already or err is nil.
func (r *jsonReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// unexpected ends the reading as a SerializationException.
func (r *jsonReader) unexpected() {
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
		r.unexpected()
		return false
	}
	r.at++
	return true
}

// object calls each for every key, with the reader placed before its value.
// Keys whose value is null are left out: the service treats them as absent.
func (r *jsonReader) object(each func(key string)) {
	r.enclosed('{', '}', func() {
		key := r.key()
		if r.expect(':') && !r.null() && r.err == nil {
			each(key)
		}
	})
}

func (r *jsonReader) array(each func()) { r.enclosed('[', ']', each) }

func (r *jsonReader) enclosed(open, end byte, each func()) {
	if r.depth++; r.depth > maxJSONDepth {
		r.unexpected()
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
			r.unexpected()
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
		r.unexpected()
	}
	return false
}

func (r *jsonReader) integer() int {
	n, err := strconv.Atoi(r.numeral())
	if err != nil {
		r.unexpected()
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
		r.unexpected()
	}
}

// raw passes over a value of any type and returns a copy of its text.
func (r *jsonReader) raw() []byte {
	r.next()
	start := r.at
	r.skip()
	return bytes.Clone(r.data[start:r.at])
}

// end demands that nothing but blanks is left.
func (r *jsonReader) end() {
	if r.next() != 0 || r.err == nil && r.at < len(r.data) {
		r.unexpected()
	}
}
