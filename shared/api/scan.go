package api

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"windfall/shared/walk"
)

// maxDepth limits the nesting of a body: several times what any request of this
// API needs.
const maxDepth = 64

// A scanner reads a body once, before encoding/json does, and refuses what
// encoding/json would accept: an unknown field, a repeated one, one in other
// capitals, a text that is not Unicode. Its errors name the place of the field.
type scanner struct {
	text   []byte
	owned  bool   // text is a copy, which may be changed
	keys   string // the same text: keys are parts of it
	at     int
	strict bool      // refuse unknown fields
	path   []segment // of the current value
	folded []section // keys to be made unrecognisable; see unknown
}

// A segment is one step of a path: a key of an object, or an index of a list.
type segment struct {
	key   string
	index int // -1 for a key
}

// A section is a range of bytes of the body.
type section struct{ from, to int }

// scan checks a body against the shape of its Go type. It returns the body that
// encoding/json may read.
func scan(body []byte, t *shape, strict bool) ([]byte, error) {
	s := scanner{text: body, keys: string(body), strict: strict, path: make([]segment, 0, 8)}
	if err := s.value(t); err != nil {
		return nil, err
	}
	if s.blank(); s.at < len(s.text) {
		return nil, InvalidInputs("The body holds more than one JSON value.")
	}
	for _, k := range s.folded {
		s.own()
		for i := k.from; i < k.to; i++ {
			s.text[i] = '_'
		}
	}
	return s.text, nil
}

// own makes the text one that may be changed.
func (s *scanner) own() {
	if !s.owned {
		s.text, s.owned = bytes.Clone(s.text), true
	}
}

// value reads one value of a shape; nil takes anything.
func (s *scanner) value(t *shape) error {
	s.blank()
	if s.at == len(s.text) {
		return s.broken()
	}
	start := s.at
	var err error
	var got kind
	switch s.text[s.at] {
	case '{':
		got, err = anObject, s.object(t)
	case '[':
		got, err = aList, s.list(t)
	case '"':
		got, err = aText, s.string()
	case 't', 'f':
		got, err = aBoolean, s.literal("true", "false")
	case 'n':
		got, err = aNull, s.literal("null")
	default:
		got, err = aNumber, s.number()
	}
	if err != nil || t == nil {
		return err
	}
	return s.fit(t, got, bytes.TrimRight(s.text[start:s.at], " "))
}

// fit returns an error that names the place if a value is of the wrong kind.
func (s *scanner) fit(t *shape, got kind, raw []byte) error {
	if got == aNull && (t.read == nil && !t.listed || t.optional) {
		return nil // encoding/json leaves such a field as it is
	}
	if t.read != nil {
		return s.named(t.read(raw))
	}
	switch {
	case t.kind == anything:
		return nil
	case t.kind == aWhole && got == aNumber:
		if _, err := strconv.ParseInt(string(raw), 10, t.bits); err == nil {
			return nil
		}
		return s.refuse("expected whole number, got number %.40s.", raw)
	case t.kind != got:
		return s.refuse("expected %s, got %s.", t.kind, got)
	}
	return nil
}

// object reads an object. Its fields are those of the shape; a shape without
// fields takes any key, but each once.
func (s *scanner) object(t *shape) error {
	var fields map[string]*shape
	if t != nil {
		fields = t.fields
	}
	seen := map[string]bool{}
	return s.elements('}', func() error {
		key, at, err := s.key()
		if err != nil {
			return err
		}
		s.path = append(s.path, segment{key, -1})
		if seen[key] {
			return s.refuse("given twice. Send each field once.")
		}
		seen[key] = true
		field, known := fields[key]
		if fields != nil && !known {
			if err := s.unknown(fields, key, at); err != nil {
				return err
			}
		}
		if s.blank(); s.at == len(s.text) || s.text[s.at] != ':' {
			return s.broken()
		}
		s.at++
		if err := s.value(field); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		return nil
	})
}

func (s *scanner) list(t *shape) error {
	var element *shape
	if t != nil {
		element = t.element
	}
	n := 0
	return s.elements(']', func() error {
		s.path = append(s.path, segment{"", n})
		n++
		if err := s.value(element); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		return nil
	})
}

// elements reads the comma-separated elements up to the closing bracket.
func (s *scanner) elements(end byte, element func() error) error {
	if s.at++; len(s.path) >= maxDepth {
		s.path = s.path[:1] // the whole path is no help
		return s.refuse("nested too deeply: more than %d levels.", maxDepth)
	}
	if s.blank(); s.at < len(s.text) && s.text[s.at] == end {
		s.at++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		s.blank()
		if s.at == len(s.text) || s.text[s.at] != end && s.text[s.at] != ',' {
			return s.broken()
		}
		if s.at++; s.text[s.at-1] == end {
			return nil
		}
	}
}

// key reads the key of a field: its text, and its section between the quotes.
func (s *scanner) key() (key string, at section, err error) {
	s.blank()
	start := s.at
	if s.at == len(s.text) || s.text[s.at] != '"' {
		return "", at, s.broken()
	}
	if err := s.string(); err != nil {
		return "", at, err
	}
	at = section{start + 1, s.at - 1}
	raw := s.keys[at.from:at.to]
	if strings.IndexByte(raw, '\\') < 0 {
		return raw, at, nil
	}
	return walk.Unquoted(s.keys[start:s.at]), at, nil // string has checked it
}

// unknown refuses a field that the shape does not have. In lenient mode it
// marks a key that encoding/json would take for a known field, as encoding/json
// ignores case; scan makes it unrecognisable.
func (s *scanner) unknown(fields map[string]*shape, key string, at section) error {
	if s.strict {
		return s.refuse("there is no such field here.%s", suggestion(fields, key))
	}
	for name := range fields {
		if strings.EqualFold(name, key) {
			s.folded = append(s.folded, at)
		}
	}
	return nil
}

// suggestion names the field that was probably meant: product_id for productId.
func suggestion(fields map[string]*shape, key string) string {
	meant := ""
	for name := range fields {
		if plainName(name) == plainName(key) && (meant == "" || name < meant) {
			meant = name
		}
	}
	if meant == "" {
		return " Correct its name or leave it out."
	}
	return " Did you mean " + meant + "?"
}

func plainName(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// named adds the place to the error of a type that reads itself.
func (s *scanner) named(err error) error {
	if err == nil {
		return nil
	}
	var known *Refusal
	switch {
	case errors.As(err, &known):
		told := *known
		told.Message = s.place() + ": " + known.Message
		return &told
	}
	return s.refuse("not a value that this field takes.")
}

func (s *scanner) refuse(format string, args ...any) error {
	return InvalidInputs("%s: %s", s.place(), fmt.Sprintf(format, args...))
}

// place names the current value: items[0].price.
func (s *scanner) place() string {
	place := ""
	for _, p := range s.path {
		switch {
		case p.index >= 0:
			place += "[" + strconv.Itoa(p.index) + "]"
		case place != "":
			place += "." + printed(p.key)
		default:
			place = printed(p.key)
		}
	}
	if place == "" {
		return "the body"
	}
	return place
}

// printed is a key as a sentence shows it: short and printable.
func printed(key string) string {
	quoted := strconv.Quote(key)
	if len(quoted) > 82 {
		quoted = quoted[:80] + `…"`
	}
	if quoted == `"`+key+`"` {
		return key
	}
	return quoted
}
