package bundle

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Plain converts the types of some operations to OpenAPI 3.0 for a generator of Go,
// which knows that better: null becomes nullable, a text of several values a text,
// and alternatives anything.
func Plain(document []byte, operations []string) ([]byte, error) {
	var n yaml.Node
	if err := yaml.Unmarshal(document, &n); err != nil {
		return nil, err
	}
	v, err := read(&n)
	if err != nil {
		return nil, err
	}
	doc := v.(*object)
	all := doc.under("components").under("schemas")
	wanted, missing := map[string]bool{"Error": true}, map[string]bool{}
	for _, id := range operations {
		missing[id] = true
	}
	paths := doc.under("paths")
	for _, path := range paths.keys {
		for _, method := range paths.under(path).keys {
			op := paths.under(path).under(method)
			if id := op.text("operationId"); missing[id] {
				delete(missing, id)
				reach(all, op.values["requestBody"], wanted)
				reach(all, op.under("responses").values["200"], wanted)
			}
		}
	}
	for id := range missing {
		return nil, fmt.Errorf("there is no operation %s", id)
	}
	schemas := newObject()
	for _, name := range all.keys {
		if wanted[name] && name != "ErrorCode" {
			schemas.set(name, plain(all.values[name]))
		}
	}
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	err = e.Encode(node(newObject("openapi", "3.0.3", "info", newObject("title", "Windfall", "version", "1"), "paths", newObject(), "components", newObject("schemas", schemas))))
	return out.Bytes(), err
}

// reach adds the schemas that a part of the document refers to, and those that
// they refer to.
func reach(schemas *object, v any, found map[string]bool) {
	switch v := v.(type) {
	case *object:
		if name, ok := strings.CutPrefix(v.text("$ref"), "#/components/schemas/"); ok && !found[name] {
			found[name] = true
			reach(schemas, schemas.values[name], found)
		}
		for _, k := range v.keys {
			reach(schemas, v.values[k], found)
		}
	case []any:
		for _, each := range v {
			reach(schemas, each, found)
		}
	}
}

func plain(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, each := range v {
			out[i] = plain(each)
		}
		return out
	case *object:
		out := newObject()
		for _, k := range v.keys {
			out.set(k, plain(v.values[k]))
		}
		return plainSchema(out)
	}
	return v
}

// plainSchema converts an object if it is a schema; any other has none of the
// keywords.
func plainSchema(s *object) *object {
	if s.text("$ref") == "#/components/schemas/ErrorCode" {
		return newObject("type", "string", "description", "A stable code; docs/api.md has them all.")
	}
	if c, ok := s.values["const"].(string); ok {
		s.take("const")
		s.set("description", c)
	}
	for _, keyword := range []string{"exclusiveMinimum", "enum"} {
		if _, properties := s.values[keyword].(*object); !properties {
			s.take(keyword)
		}
	}
	switch t := s.values["type"].(type) {
	case []any:
		for _, each := range t {
			if each == "null" {
				s.set("nullable", true)
			} else {
				s.set("type", each)
			}
		}
	case string:
		if t == "null" {
			s.take("type")
			s.set("nullable", true)
		}
	}
	return plainAnyOf(s)
}

// plainAnyOf takes null out of alternatives; what is left of several is anything.
func plainAnyOf(s *object) *object {
	all, ok := s.values["anyOf"].([]any)
	if !ok {
		return s
	}
	s.take("anyOf")
	var rest []any
	for _, each := range all {
		if one := each.(*object); one.flag("nullable") && !one.has("type") {
			s.set("nullable", true)
		} else {
			rest = append(rest, one)
		}
	}
	if len(rest) == 1 {
		s.set("allOf", rest)
	}
	return s
}
