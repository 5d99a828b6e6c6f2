package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// A kind is the kind of a JSON value, as errors name it.
type kind string

const (
	anything kind = ""
	aText    kind = "string"
	aNumber  kind = "number"
	aWhole   kind = "whole number"
	aBoolean kind = "boolean"
	aList    kind = "array"
	anObject kind = "object"
	aNull    kind = "null"
)

// A shape is the JSON that fits a Go type.
type shape struct {
	kind     kind
	bits     int                    // of a whole number
	fields   map[string]*shape      // of an object; nil when any key goes
	element  *shape                 // of a list
	read     func(raw []byte) error // of a type that reads itself
	optional bool                   // null is the same as absent
	listed   bool                   // an element of a list, where null is nothing that could be absent
}

// An ObjectReader is a type that reads itself. Its JSON may be an object with
// the fields of the value that Reads returns.
type ObjectReader interface{ Reads() any }

var shapes sync.Map // reflect.Type to *shape

func shapeFor[In any]() *shape { return shapeOf(reflect.TypeFor[In]()) }

// shapeOf builds the shape of a type, once. Request types are not recursive.
func shapeOf(t reflect.Type) *shape {
	if known, ok := shapes.Load(t); ok {
		return known.(*shape)
	}
	s := newShape(t)
	shapes.Store(t, s)
	return s
}

func newShape(t reflect.Type) *shape {
	if t == reflect.TypeFor[json.RawMessage]() {
		return &shape{}
	}
	if t == reflect.TypeFor[Number]() {
		return &shape{read: func(raw []byte) error { _, err := readNumber(raw); return err }}
	}
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		s := &shape{read: func(raw []byte) error { return reflect.New(t).Interface().(json.Unmarshaler).UnmarshalJSON(raw) }}
		if r, ok := reflect.New(t).Interface().(ObjectReader); ok {
			s.fields = shapeOf(reflect.TypeOf(r.Reads())).fields
		}
		return s
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := *shapeOf(t.Elem())
		s.optional = true
		return &s
	case reflect.Struct:
		s := &shape{kind: anObject, fields: map[string]*shape{}}
		addFields(s.fields, t)
		return s
	case reflect.Slice:
		element := *shapeOf(t.Elem())
		element.listed = true
		return &shape{kind: aList, element: &element}
	case reflect.Map:
		return &shape{kind: anObject}
	case reflect.String:
		return &shape{kind: aText}
	case reflect.Bool:
		return &shape{kind: aBoolean}
	case reflect.Int, reflect.Int64:
		return &shape{kind: aWhole, bits: t.Bits()}
	case reflect.Interface:
		return &shape{}
	default:
		panic("no request holds a " + t.String()) // found by the first test of the route
	}
}

// refusing is a shape whose own refusal says what to use instead, if that is known: a
// field's tag "instead".
func (s *shape) refusing(instead string) *shape {
	if instead == "" {
		return s
	}
	told := *s
	told.read = func(raw []byte) error {
		if s.read(raw) != nil {
			return Invalid("%s", instead)
		}
		return nil
	}
	return &told
}

func addFields(fields map[string]*shape, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			addFields(fields, f.Type)
		case name != "" && name != "-":
			fields[name] = shapeOf(f.Type).refusing(f.Tag.Get("instead"))
		}
	}
}
