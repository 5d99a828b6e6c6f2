package contract

import (
	"go/constant"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A field of a Go type, as JSON has it.
type field struct {
	typ       types.Type
	omitempty bool
	instead   string // of a field that is refused: what to use
}

// Every request and answer in the code is a schema with the same fields, of the
// same types, and in answers of the same that may be missing.
func TestFieldsAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	doc := document(t)
	schemas := under(doc, "components", "schemas")
	seen := maps.Clone(untyped)
	all, embedded := map[string]map[string]map[string]field{}, map[string]bool{}
	for name, d := range readDialects(t) {
		all[name] = jsonStructs(d, embedded)
	}
	for name, structs := range all {
		for typeName, fields := range structs {
			listed, known := uses[name][typeName]
			if !known && !embedded[name+"."+typeName] {
				t.Errorf("%s.%s has JSON fields, and is not in types_test.go", name, typeName)
			}
			for _, u := range listed {
				if seen[u.schema] += name + "." + typeName; schemas[u.schema] == nil {
					t.Errorf("there is no schema %s, which %s.%s is", u.schema, name, typeName)
					continue
				}
				compare(t, doc, u, under(schemas, u.schema), fields)
			}
		}
		for typeName := range uses[name] {
			if structs[typeName] == nil {
				t.Errorf("types_test.go has %s.%s, which is no type with JSON fields", name, typeName)
			}
		}
	}
	for name := range schemas {
		if seen[name] == "" {
			t.Errorf("the schema %s is of no type in types_test.go", name)
		}
	}
	changes, settings := under(schemas, "SettingsChanges", "properties"), under(schemas, "Settings", "properties")
	if !maps.EqualFunc(changes, settings, func(a, b any) bool { return true }) {
		t.Error("SettingsChanges and Settings have different fields")
	}
}

func compare(t *testing.T, doc object, u use, schema object, fields map[string]field) {
	t.Helper()
	properties, required := under(schema, "properties"), texts(schema["required"])
	for name, f := range fields {
		if !u.read && slices.Contains(notAnswered[u.schema], name) {
			continue
		}
		p, there := properties[name].(object)
		if !there {
			t.Errorf("%s has no field %s", u.schema, name)
			continue
		}
		takes := goKinds(f.typ, u.read)
		for _, kind := range kinds(doc, p) {
			if !slices.Contains(takes, kind) && !slices.Contains(takes, "any") {
				t.Errorf("%s.%s may be %s, and in the code it is %s", u.schema, name, kind, strings.Join(takes, " or "))
			}
		}
		compareValues(t, u, name, f.typ, p)
		if says, _ := p["description"].(string); f.instead != "" && !strings.EqualFold(says, f.instead) {
			t.Errorf("%s.%s says %q, and its refusal %q", u.schema, name, says, f.instead)
		}
		if !u.read && slices.Contains(required, name) == f.omitempty {
			t.Errorf("%s.%s is required: %t, and in the code it is always there: %t", u.schema, name, !f.omitempty == false, !f.omitempty)
		}
	}
	for name := range properties {
		if _, there := fields[name]; !there {
			t.Errorf("%s.%s is no field in the code", u.schema, name)
		}
	}
}

// jsonStructs are the types of a dialect with JSON fields, and adds those that are
// embedded in others, by package and name.
func jsonStructs(d dialect, embedded map[string]bool) map[string]map[string]field {
	out := map[string]map[string]field{}
	for _, name := range d.Scope().Names() {
		named, ok := d.Scope().Lookup(name).(*types.TypeName)
		if !ok || named.IsAlias() {
			continue
		}
		if s, ok := named.Type().Underlying().(*types.Struct); ok {
			fields := map[string]field{}
			if addFields(fields, s, embedded); len(fields) > 0 {
				out[name] = fields
			}
		}
	}
	return out
}

// addFields adds the JSON fields of a struct; an outer one hides an embedded one.
func addFields(fields map[string]field, s *types.Struct, embedded map[string]bool) {
	for i := range s.NumFields() {
		name, options, _ := strings.Cut(reflect.StructTag(s.Tag(i)).Get("json"), ",")
		if inner, ok := s.Field(i).Type().Underlying().(*types.Struct); ok && s.Field(i).Embedded() && name == "" {
			if named, ok := types.Unalias(s.Field(i).Type()).(*types.Named); ok {
				embedded[named.Obj().Pkg().Name()+"."+named.Obj().Name()] = true
			}
			deeper := map[string]field{}
			addFields(deeper, inner, embedded)
			for k, f := range deeper {
				if _, hidden := fields[k]; !hidden {
					fields[k] = f
				}
			}
		} else if name != "" && name != "-" {
			fields[name] = field{s.Field(i).Type(), strings.Contains(options, "omit"), reflect.StructTag(s.Tag(i)).Get("instead")}
		}
	}
}

// wireTypes are types with a JSON of their own: read, and written.
var wireTypes = map[string][2][]string{
	"api.Number": {{"number"}, {"number"}}, "api.OrInf": {{"number", "string"}, {"number", "string"}},
	"api.Millis": {nil, {"number", "null"}}, "api.OrNull": {{"string", "null"}, {"string", "null"}},
	"json.RawMessage": {{"any"}, {"any"}}, "fields.Entries": {nil, {"array"}},
	"fields.Currency": {{"string", "null"}, nil},
	"v1.wholeText":    {{"number", "string"}, {"number"}},
}

// goKinds are the JSON types of a Go type.
func goKinds(t types.Type, read bool) []string {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		if own, known := wireTypes[named.Obj().Pkg().Name()+"."+named.Obj().Name()]; known {
			if read {
				return own[0]
			}
			return own[1]
		}
		for i := range named.NumMethods() {
			if name := named.Method(i).Name(); read && name == "UnmarshalJSON" || !read && name == "MarshalJSON" {
				return []string{"any"}
			}
		}
	}
	null := func(kind string) []string {
		if read {
			return []string{kind, "null"} // null is the same as leaving it out
		}
		return []string{kind}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return append([]string{"null"}, goKinds(u.Elem(), read)...)
	case *types.Slice:
		return []string{"array", "null"}
	case *types.Map, *types.Struct:
		return []string{"object", "null"}
	case *types.Basic:
		switch {
		case u.Info()&types.IsString != 0:
			return null("string")
		case u.Info()&types.IsBoolean != 0:
			return null("boolean")
		case u.Info()&types.IsNumeric != 0:
			return null("number")
		}
	}
	return []string{"any"}
}

// compareValues compares the values of a field with the constants of its type.
func compareValues(t *testing.T, u use, name string, typ types.Type, schema object) {
	t.Helper()
	if slice, ok := typ.Underlying().(*types.Slice); ok {
		typ, schema = slice.Elem(), under(schema, "items")
	}
	if p, ok := typ.(*types.Pointer); ok {
		typ = p.Elem()
	}
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return
	}
	constants := valuesOf(named)
	if len(constants) == 0 || open[named.Obj().Pkg().Name()+"."+named.Obj().Name()] {
		return
	}
	for _, change := range otherValues[u.schema+"."+name] {
		if delete(constants, change[1:]); change[0] == '+' {
			constants[change[1:]] = true
		}
	}
	for _, v := range texts(schema["enum"]) {
		if v != "" && !constants[v] {
			t.Errorf("%s.%s can't be %s in the code", u.schema, name, v)
		}
		delete(constants, v)
	}
	for v := range constants {
		if v != "" {
			t.Errorf("%s.%s may be %s in the code", u.schema, name, v)
		}
	}
}

// valuesOf are the constants of a type of texts, in its package.
func valuesOf(named *types.Named) map[string]bool {
	out := map[string]bool{}
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && types.Identical(c.Type(), named) && c.Val().Kind() == constant.String {
			out[constant.StringVal(c.Val())] = true
		}
	}
	return out
}
