package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"windfall"
)

type object = map[string]any

// document is openapi.yaml.
func document(t *testing.T) object {
	t.Helper()
	var plain, doc object
	if err := yaml.Unmarshal(windfall.OpenAPI, &plain); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// under is an object within an object, nil if it is not there.
func under(in object, keys ...string) object {
	for _, key := range keys {
		in, _ = in[key].(object)
	}
	return in
}

func texts(v any) (out []string) {
	list, _ := v.([]any)
	for _, each := range list {
		text, _ := each.(string)
		out = append(out, text)
	}
	return out
}

// operations are those of the document, as "POST /v1/attach".
func operations(doc object) map[string]object {
	out := map[string]object{}
	for path, methods := range under(doc, "paths") {
		for method, op := range methods.(object) {
			out[strings.ToUpper(method)+" "+path] = op.(object)
		}
	}
	return out
}

// kinds are the JSON types that a schema takes; "any" for all.
func kinds(doc, schema object) []string {
	var out []string
	switch t := schema["type"].(type) {
	case string:
		out = []string{t}
	case []any:
		out = texts(t)
	}
	if ref, ok := schema["$ref"].(string); ok {
		return kinds(doc, under(doc, "components", "schemas", strings.TrimPrefix(ref, "#/components/schemas/")))
	}
	alternatives, _ := schema["anyOf"].([]any)
	for _, each := range alternatives {
		out = append(out, kinds(doc, each.(object))...)
	}
	if len(out) == 0 {
		return []string{"any"}
	}
	for i, kind := range out {
		if kind == "integer" {
			out[i] = "number"
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
