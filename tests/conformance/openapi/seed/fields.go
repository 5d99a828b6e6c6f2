package seed

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"windfall/tests/conformance/openapi/oracle"
)

// field is a schema's rules for one field: the mistakes that it can find there.
type field struct {
	types    []string // empty: any type
	enum     bool     // only some texts are allowed
	nullable bool
}

func describe(schema *openapi3.SchemaRef) field {
	var f field
	free := false // any text is allowed
	for _, s := range oracle.Options(schema) {
		f.nullable = f.nullable || s.Nullable
		if len(s.AnyOf) > 0 {
			continue // its alternatives have the rules
		}
		if s.Type == nil {
			return field{nullable: true}
		}
		f.types = append(f.types, s.Type.Slice()...)
		if s.Type.Includes(openapi3.TypeString) {
			f.enum = f.enum || len(s.Enum) > 0
			free = free || len(s.Enum) == 0
		}
	}
	f.enum = f.enum && !free
	return f
}

func (f field) may(types ...string) bool {
	return slices.ContainsFunc(types, func(t string) bool { return slices.Contains(f.types, t) })
}

// misfit is a value of a type that the field does not have; nil when it may
// have all of them.
func (f field) misfit() any {
	switch {
	case len(f.types) == 0:
		return nil
	case !f.may(openapi3.TypeString):
		return word
	case !f.may(openapi3.TypeNumber, openapi3.TypeInteger):
		return 7.25
	case !f.may(openapi3.TypeObject):
		return map[string]any{word: word}
	case !f.may(openapi3.TypeArray):
		return []any{word}
	}
	return nil
}

// word is a text in no enum and the name of no field.
const word = "seeded"
