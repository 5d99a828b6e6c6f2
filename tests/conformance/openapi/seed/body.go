package seed

import (
	"slices"

	"windfall/tests/conformance/openapi/oracle"
)

// body makes the mistakes that an object can have. Every mistake is made in the
// decoded value itself, checked by caught as part of the whole, and undone.
func (r *Result) body(prefix string, n oracle.Node, caught func() bool) {
	if n.Open() {
		return // anything is allowed, as in metadata
	}
	if len(n.Schemas) != 1 {
		r.unclear("field " + kindOf(n) + general(n.Within))
		return
	}
	subject, schema := kindOf(n), n.Schemas[0]
	for _, name := range names(n.Value) {
		ref := schema.Properties[name]
		if ref == nil {
			continue
		}
		place, f := general(n.Within)+"/"+name, describe(ref)
		instead := func(mistake string, v any) {
			r.try(prefix+mistake, subject, place, func() bool { return with(n.Value, name, v, caught) })
		}
		if slices.Contains(schema.Required, name) {
			r.try(prefix+dropped, subject, place, func() bool { return without(n.Value, name, caught) })
		} else if key := "optional | " + subject + place; !r.done[key] {
			r.done[key] = true
			r.Blind++
		}
		if v := f.misfit(); v != nil {
			instead(wrongType, v)
		}
		if !f.nullable {
			instead(wrongNull, nil)
		}
		if f.enum {
			instead(wrongEnum, word)
		}
	}
	r.try(prefix+invented, subject, general(n.Within), func() bool { return with(n.Value, word, word, caught) })
}

// with runs f while a field has another value.
func with(m map[string]any, name string, v any, f func() bool) bool {
	old, had := m[name]
	m[name] = v
	defer func() {
		m[name] = old
		if !had {
			delete(m, name)
		}
	}()
	return f()
}

// without runs f while a field is missing.
func without(m map[string]any, name string, f func() bool) bool {
	old := m[name]
	delete(m, name)
	defer func() { m[name] = old }()
	return f()
}

func names(m map[string]any) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
