package bundle

import (
	"fmt"
	"strings"
	"unicode"
)

// scalars are the types of a type expression that are no name of a schema.
var scalars = map[string]bool{"string": true, "integer": true, "number": true, "boolean": true, "object": true, "null": true}

// property converts a property of the sources to a schema: "string|null The
// name.", or JSON Schema with type expressions in it.
func (b *bundler) property(v any) (*object, error) {
	switch v := v.(type) {
	case string:
		expression, about, _ := strings.Cut(v, " ")
		s, err := b.typed(expression)
		if about = strings.Trim(strings.TrimSpace(about), `"`); about != "" {
			s.set("description", about)
		}
		return s, err
	case *object:
		return b.schema(v)
	}
	return newObject(), fmt.Errorf("%v is no property", v)
}

// typed converts a type expression.
func (b *bundler) typed(expression string) (*object, error) {
	if expression == "any" {
		return newObject(), nil
	}
	words := strings.Split(expression, "|")
	null := words[len(words)-1] == "null" && len(words) == 2
	word := words[0]
	if len(words) > 2 || len(words) == 2 && !null {
		return newObject(), fmt.Errorf("%s: only null can be an alternative; use anyOf", expression)
	}
	var s *object
	switch base := strings.TrimSuffix(strings.TrimSuffix(word, "[]"), "{}"); {
	case base != word:
		each, err := b.typed(base)
		if err != nil {
			return each, err
		}
		if s = newObject("type", "array", "items", each); strings.HasSuffix(word, "{}") {
			s = newObject("type", "object", "additionalProperties", each)
		}
	case scalars[word]:
		s = newObject("type", word)
	case word == "time":
		s = newObject("type", "integer", "format", "int64")
	case word != "" && unicode.IsUpper(rune(word[0])):
		if b.within && b.open[word] {
			word += "Open"
		}
		b.used[word] = true
		s = newObject("$ref", "#/components/schemas/"+word)
	default:
		return newObject(), fmt.Errorf("%q is no type", expression)
	}
	if null {
		s = orNull(s)
	}
	return s, nil
}

// schema converts JSON Schema in which types may be expressions.
func (b *bundler) schema(in *object) (*object, error) {
	out := newObject()
	for _, key := range in.keys {
		v := in.values[key]
		var err error
		if v == nil && key != "const" {
			return out, fmt.Errorf("%q has no value; is a comma not quoted?", key)
		}
		switch key {
		case "$env":
			return newObject("type", "string", "enum", []any{"sandbox", "live"}, "description", "The environment."), nil
		case "$code":
			b.used["ErrorCode"] = true
			return newObject("$ref", "#/components/schemas/ErrorCode", "description", "The error that a call of its own would get."), nil
		case "$none":
			return newObject("enum", []any{nil, false, "", []any{}, newObject()}, "description", v), nil
		case "$nothing":
			none := newObject("enum", []any{nil, false, "", []any{}, newObject()})
			return newObject("anyOf", []any{none, newObject("type", "object", "additionalProperties", none)}, "description", v), nil
		case "$null":
			return newObject("type", "null", "description", v), nil
		case "$flag":
			return newObject("type", "string", "enum", []any{"true", "false", "1", "0"}, "description", v), nil
		case "$moment":
			return newObject("anyOf", []any{newObject("type", "integer", "minimum", 1), newObject("type", "string", "format", "date-time"), newObject("type", "null")}, "description", v), nil
		case "items", "additionalProperties":
			if name, ok := v.(string); ok {
				v, err = b.typed(name)
			} else if nested, ok := v.(*object); ok {
				v, err = b.schema(nested)
			}
		case "anyOf":
			var list []any
			for _, each := range v.([]any) {
				one, bad := b.property(each)
				if bad != nil {
					err = bad
				}
				list = append(list, one)
			}
			v = list
		case "properties":
			nested := newObject()
			for _, k := range v.(*object).keys {
				one, bad := b.property(v.(*object).values[k])
				if bad != nil {
					err = bad
				}
				nested.set(k, one)
			}
			v = nested
		}
		if err != nil {
			return out, err
		}
		out.set(key, v)
	}
	return out, nil
}

// orNull lets a schema take null as well.
func orNull(s *object) *object {
	out := s.copied()
	null := newObject("type", "null")
	switch t := s.values["type"].(type) {
	case string:
		if t == "null" {
			return out
		}
		out.set("type", []any{t, "null"})
	case []any:
		return out
	default:
		about := out.take("description")
		switch {
		case out.has("$ref"):
			out = newObject("anyOf", []any{out, null})
		case out.has("anyOf"):
			list := append([]any{}, out.values["anyOf"].([]any)...)
			if last, _ := list[len(list)-1].(*object); last.values["type"] != "null" {
				list = append(list, null)
			}
			out.set("anyOf", list)
		}
		if about != nil {
			out.set("description", about)
		}
		return out
	}
	if values, ok := out.values["enum"].([]any); ok {
		out.set("enum", append(append([]any{}, values...), nil))
	}
	return out
}
