package form

import (
	"fmt"
	"strings"
)

// Schema is what an endpoint accepts.
type Schema struct {
	names  []string
	fields map[string]*field
}

type field struct {
	required bool
	kind     byte // s i b t n d m r(ange) e(num) o(bject) a(rray)
	enum     []string
	object   *Schema
	element  *field
}

// Compile reads the one-line form described in the package comment. It panics
// on a mistake, because schemas are part of the program.
func Compile(text string) *Schema {
	r := &reader{text: text}
	s := r.schema(0)
	if r.at != len(r.text) {
		panic(fmt.Sprintf("form schema: unexpected %q in %q", r.text[r.at:], text))
	}
	return s
}

type reader struct {
	text string
	at   int
}

func (r *reader) peek() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

func (r *reader) take(c byte) bool {
	if r.peek() == c {
		r.at++
		return true
	}
	return false
}

func (r *reader) word() string {
	start := r.at
	for c := r.peek(); c == '_' || c == '-' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'; c = r.peek() {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *reader) schema(end byte) *Schema {
	s := &Schema{fields: map[string]*field{}}
	for {
		for r.take(' ') || r.take('\n') || r.take('\t') {
		}
		if c := r.peek(); c == end || c == 0 {
			return s
		}
		name := r.word()
		if name == "" {
			panic(fmt.Sprintf("form schema: no name at %q", r.text[r.at:]))
		}
		f := &field{kind: 's'}
		required := r.take('!')
		if r.take(':') {
			f = r.kind()
		}
		f.required = required
		s.names = append(s.names, name)
		s.fields[name] = f
	}
}

func (r *reader) kind() *field {
	switch {
	case r.take('{'):
		f := &field{kind: 'o', object: r.schema('}')}
		r.close('}')
		return f
	case r.take('['):
		f := &field{kind: 'a', element: r.kind()}
		r.close(']')
		return f
	case r.take('('):
		end := strings.IndexByte(r.text[r.at:], ')')
		f := &field{kind: 'e', enum: strings.Split(r.text[r.at:r.at+end], ",")}
		r.at += end + 1
		return f
	}
	switch w := r.word(); w {
	case "tn":
		return &field{kind: 'n'}
	case "s", "i", "b", "t", "d", "m", "r":
		return &field{kind: w[0]}
	default:
		panic(fmt.Sprintf("form schema: unknown type %q", w))
	}
}

func (r *reader) close(c byte) {
	if !r.take(c) {
		panic(fmt.Sprintf("form schema: missing %q at %q", c, r.text[r.at:]))
	}
}

// choices is "a, b, or c", as Stripe lists the values of an enum.
func choices(values []string) string {
	switch n := len(values); n {
	case 1:
		return values[0]
	case 2:
		return values[0] + " or " + values[1]
	default:
		return strings.Join(values[:n-1], ", ") + ", or " + values[n-1]
	}
}
