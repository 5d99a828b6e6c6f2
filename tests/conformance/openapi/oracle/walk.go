package oracle

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Node is an object somewhere in a value.
type Node struct {
	Path    string // "/items/data/0"
	Within  string // the path from the Stripe object it is in
	Kind    string // of the Stripe object it is or is in, "" when there is none
	Value   map[string]any
	Schemas []*openapi3.Schema // its possible schemas; more than one if nothing decides
}

// Walk visits all objects of a value that the schema describes, outermost first.
func Walk(schema *openapi3.SchemaRef, value any, at string, visit func(Node)) {
	walk(schema, value, at, place{}, visit)
}

// place is the Stripe object that a walk is in.
type place struct{ kind, root string }

func walk(schema *openapi3.SchemaRef, value any, at string, in place, visit func(Node)) {
	switch v := value.(type) {
	case map[string]any:
		if name, ok := v["object"].(string); ok {
			in = place{name, at}
		}
		n := Node{Path: at, Within: strings.TrimPrefix(at, in.root), Kind: in.kind, Value: v, Schemas: choose(schema, value)}
		visit(n)
		for _, name := range sortedNames(v) {
			if next := n.Field(name); next != nil {
				walk(next, v[name], at+"/"+name, in, visit)
			}
		}
	case []any:
		for _, s := range Options(schema) {
			if s.Items == nil {
				continue
			}
			for i, item := range v {
				walk(s.Items, item, at+"/"+strconv.Itoa(i), in, visit)
			}
			return
		}
	}
}

// Field is the schema of a field, of any kind of object the node may be.
func (n Node) Field(name string) *openapi3.SchemaRef {
	var found openapi3.SchemaRefs
	for _, s := range n.Schemas {
		if p := s.Properties[name]; p != nil {
			found = append(found, p)
		} else if extra := s.AdditionalProperties.Schema; extra != nil {
			found = append(found, extra)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return found[0]
	default:
		return (&openapi3.Schema{AnyOf: found}).NewRef()
	}
}

// Open is true if fields of any name are allowed, as in metadata. In the
// document these are objects without named fields.
func (n Node) Open() bool {
	if len(n.Schemas) == 0 {
		return true
	}
	return slices.ContainsFunc(n.Schemas, func(s *openapi3.Schema) bool {
		closed := s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has
		return len(s.Properties) == 0 && !closed && (s.Type.Is(openapi3.TypeObject) || s.IsEmpty())
	})
}

// Unknown are the fields that the document does not have. Its schemas of
// answers allow them.
func (n Node) Unknown() []string {
	if n.Open() {
		return nil
	}
	var out []string
	for _, name := range sortedNames(n.Value) {
		if n.Field(name) == nil {
			out = append(out, name)
		}
	}
	return out
}

// choose are the possible schemas of a value. Objects name their kind, and say
// whether they are deleted.
func choose(schema *openapi3.SchemaRef, value any) []*openapi3.Schema {
	all := Options(schema)
	fields, ok := value.(map[string]any)
	if !ok {
		return all
	}
	all = slices.DeleteFunc(all, func(s *openapi3.Schema) bool { return !s.Type.Permits(openapi3.TypeObject) || len(s.AnyOf) > 0 })
	name, named := fields["object"].(string)
	if !named {
		return all
	}
	meant := slices.DeleteFunc(slices.Clone(all), func(s *openapi3.Schema) bool {
		tag := s.Properties["object"]
		return tag == nil || !slices.Contains(tag.Value.Enum, any(name)) || (s.Properties["deleted"] != nil) != (fields["deleted"] == true)
	})
	if len(meant) > 0 {
		return meant
	}
	return all
}

// Options are a schema and its alternatives.
func Options(schema *openapi3.SchemaRef) []*openapi3.Schema {
	if schema == nil || schema.Value == nil {
		return nil
	}
	out := []*openapi3.Schema{schema.Value}
	for _, s := range schema.Value.AnyOf {
		out = append(out, Options(s)...)
	}
	return out
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
