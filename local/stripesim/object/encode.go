package object

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Encode is the JSON of v as Stripe would write it: that of encoding/json, which leaves
// <, > and & alone. Objects are encoded many times, so what they consist of is written
// here, and everything else by encoding/json. JSON inside of v must be compact.
func Encode(v any) ([]byte, error) {
	p := papers.Get().(*paper)
	defer papers.Put(p)
	p.out, p.err = p.out[:0], nil
	p.value(reflect.ValueOf(v))
	if p.err != nil {
		return nil, p.err
	}
	return bytes.Clone(p.out), nil
}

// Append appends the JSON of v to out.
func Append(out []byte, v any) ([]byte, error) {
	p := paper{out: out}
	p.value(reflect.ValueOf(v))
	return p.out, p.err
}

// encode is Encode by encoding/json.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(buf.Bytes(), "\n"), err
}

// paper is JSON as it is written.
type paper struct {
	out []byte
	err error
}

var papers = sync.Pool{New: func() any { return &paper{} }}

type writer func(p *paper, v reflect.Value)

var writers sync.Map // reflect.Type -> writer

func (p *paper) value(v reflect.Value) {
	if !v.IsValid() {
		p.out = append(p.out, null...)
		return
	}
	writerOf(v.Type())(p, v)
}

func writerOf(t reflect.Type) writer {
	if w, ok := writers.Load(t); ok {
		return w.(writer)
	}
	var ready sync.WaitGroup
	var w writer
	ready.Add(1)
	// a type that contains itself finds this one, as does who asks in the meantime
	if made, others := writers.LoadOrStore(t, writer(func(p *paper, v reflect.Value) {
		ready.Wait()
		w(p, v)
	})); others {
		return made.(writer)
	}
	w = newWriter(t)
	ready.Done()
	writers.Store(t, w)
	return w
}

// other writes a value by encoding/json.
func other(p *paper, v reflect.Value) {
	text, err := encode(v.Interface())
	if err != nil {
		p.err = err
	}
	p.out = append(p.out, text...)
}

func (p *paper) text(s string) { p.out = appendQuoted(p.out, s) }

var (
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// scalars are the types of this package that write themselves.
var scalars = map[reflect.Type]writer{
	reflect.TypeFor[Text](): func(p *paper, v reflect.Value) {
		if s := v.String(); s != "" {
			p.text(s)
		} else {
			p.out = append(p.out, null...)
		}
	},
	reflect.TypeFor[Stamp](): func(p *paper, v reflect.Value) {
		if n := v.Int(); n != 0 {
			p.out = strconv.AppendInt(p.out, n, 10)
		} else {
			p.out = append(p.out, null...)
		}
	},
	reflect.TypeFor[Null]():  func(p *paper, _ reflect.Value) { p.out = append(p.out, null...) },
	reflect.TypeFor[Empty](): func(p *paper, _ reflect.Value) { p.out = append(p.out, "[]"...) },
	reflect.TypeFor[Metadata](): func(p *paper, v reflect.Value) {
		if v.Len() == 0 {
			p.out = append(p.out, "{}"...)
			return
		}
		p.sorted(v, func(p *paper, v reflect.Value) { p.text(v.String()) })
	},
	reflect.TypeFor[json.RawMessage](): func(p *paper, v reflect.Value) {
		if v.IsNil() {
			p.out = append(p.out, null...)
		} else {
			p.out = append(p.out, v.Bytes()...)
		}
	},
}

func newWriter(t reflect.Type) writer {
	if w := scalars[t]; w != nil {
		return w
	}
	if t == reflect.TypeFor[Decimal]() {
		return scalars[reflect.TypeFor[Text]()]
	}
	if t.Implements(marshaler) || t.Implements(textMarshaler) || reflect.PointerTo(t).Implements(marshaler) || t == reflect.TypeFor[json.Number]() {
		return other
	}
	switch t.Kind() {
	case reflect.String:
		return func(p *paper, v reflect.Value) { p.text(v.String()) }
	case reflect.Int, reflect.Int32, reflect.Int64:
		return func(p *paper, v reflect.Value) { p.out = strconv.AppendInt(p.out, v.Int(), 10) }
	case reflect.Bool:
		return func(p *paper, v reflect.Value) { p.out = strconv.AppendBool(p.out, v.Bool()) }
	case reflect.Interface:
		return func(p *paper, v reflect.Value) { p.value(v.Elem()) }
	case reflect.Pointer:
		to := writerOf(t.Elem())
		return func(p *paper, v reflect.Value) {
			if v.IsNil() {
				p.out = append(p.out, null...)
			} else {
				to(p, v.Elem())
			}
		}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return other
		}
		return listWriter(writerOf(t.Elem()))
	case reflect.Map:
		if t.Key() != reflect.TypeFor[string]() {
			return other
		}
		of := writerOf(t.Elem())
		return func(p *paper, v reflect.Value) {
			if v.IsNil() {
				p.out = append(p.out, null...)
			} else {
				p.sorted(v, of)
			}
		}
	case reflect.Struct:
		if fields, ok := fieldsOf(t, nil); ok {
			return fields.write
		}
		return other
	default:
		return other
	}
}

func listWriter(of writer) writer {
	return func(p *paper, v reflect.Value) {
		if v.IsNil() {
			p.out = append(p.out, null...)
			return
		}
		p.out = append(p.out, '[')
		for i := range v.Len() {
			if i > 0 {
				p.out = append(p.out, ',')
			}
			of(p, v.Index(i))
		}
		p.out = append(p.out, ']')
	}
}

// sorted writes a map that is not nil.
func (p *paper) sorted(v reflect.Value, of writer) {
	names := v.MapKeys()
	slices.SortFunc(names, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	p.out = append(p.out, '{')
	for i, name := range names {
		if i > 0 {
			p.out = append(p.out, ',')
		}
		p.text(name.String())
		p.out = append(p.out, ':')
		of(p, v.MapIndex(name))
	}
	p.out = append(p.out, '}')
}

// fields are those of a struct that are written.
type fields []field

type field struct {
	at    []int
	name  string // quoted, with its colon
	write writer
	empty bool // left out when empty
}

// fieldsOf lists the fields below at; ok is false for what encoding/json must decide.
func fieldsOf(t reflect.Type, at []int) (all fields, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		here := append(slices.Clone(at), i)
		switch {
		case tag == "-":
			continue
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct:
			inner, ok := fieldsOf(f.Type, here)
			if !ok {
				return nil, false
			}
			all = append(all, inner...)
			continue
		case f.Anonymous || options != "" && options != "omitempty":
			return nil, false
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		all = append(all, field{here, string(appendQuoted(nil, name)) + ":", writerOf(f.Type), options != ""})
	}
	for i := range all {
		if slices.ContainsFunc(all[:i], func(f field) bool { return f.name == all[i].name }) {
			return nil, false
		}
	}
	return all, true
}

func (f fields) write(p *paper, v reflect.Value) {
	p.out = append(p.out, '{')
	first := true
	for i := range f {
		one := v.FieldByIndex(f[i].at)
		if f[i].empty && isEmpty(one) {
			continue
		}
		if !first {
			p.out = append(p.out, ',')
		}
		first = false
		p.out = append(p.out, f[i].name...)
		f[i].write(p, one)
	}
	p.out = append(p.out, '}')
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}
