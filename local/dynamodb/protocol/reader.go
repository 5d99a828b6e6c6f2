package protocol

// Reader walks over a JSON document once, without reflection and without
// building a tree. The first error sticks and ends every loop, so callers look
// at Err once, at the end.
type Reader struct {
	data  []byte
	at    int
	depth int
	err   error
}

const maxJSONDepth = 200

// NewReader reads a document from its beginning.
func NewReader(document []byte) *Reader { return &Reader{data: document} }

// Document is the whole text to read.
func (r *Reader) Document() []byte { return r.data }

// Err is the first error.
func (r *Reader) Err() error { return r.err }

// Fail ends the reading with an error, unless there is one already or err is nil.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Unexpected ends the reading as a SerializationException.
func (r *Reader) Unexpected() {
	r.Fail(Malformed("Unexpected content at byte %d of the request", r.at))
}

// next skips blanks and returns the next byte without taking it, 0 at the end
// or after an error.
func (r *Reader) next() byte {
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

func (r *Reader) expect(c byte) bool {
	if r.next() != c {
		r.Unexpected()
		return false
	}
	r.at++
	return true
}

// Object calls each for every key, with the reader placed before its value.
// Keys whose value is null are left out: the service treats them as absent.
func (r *Reader) Object(each func(key string)) {
	r.enclosed('{', '}', func() {
		key := r.key()
		if r.expect(':') && !r.null() && r.err == nil {
			each(key)
		}
	})
}

// Array calls each for every element, with the reader placed before it.
func (r *Reader) Array(each func()) { r.enclosed('[', ']', each) }

func (r *Reader) enclosed(open, end byte, each func()) {
	if r.depth++; r.depth > maxJSONDepth {
		r.Unexpected()
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
			r.Unexpected()
		}
	}
}

// End demands that nothing but blanks is left.
func (r *Reader) End() {
	if r.next() != 0 || r.err == nil && r.at < len(r.data) {
		r.Unexpected()
	}
}
