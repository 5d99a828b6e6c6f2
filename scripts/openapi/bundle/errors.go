package bundle

import (
	"fmt"
	"net/http"
	"strings"
)

// expand resolves names of codes and of sets of them, by status and in the order
// of codes.yaml.
func (b *bundler) expand(names []string) (map[int][]string, error) {
	wanted := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		if set, ok := b.codes.under("sets").values[name].([]any); ok {
			for _, each := range set {
				if err := add(each.(string)); err != nil {
					return err
				}
			}
			return nil
		}
		if !b.codes.under("codes").has(name) {
			return fmt.Errorf("%q is neither a code nor a set of codes", name)
		}
		wanted[name] = true
		return nil
	}
	for _, name := range names {
		if err := add(name); err != nil {
			return nil, err
		}
	}
	out := map[int][]string{}
	codes := b.codes.under("codes")
	for _, code := range codes.keys {
		if wanted[code] {
			for _, status := range statuses(codes.values[code]) {
				out[status] = append(out[status], code)
			}
		}
	}
	return out, nil
}

// response is the answer with one of these codes: one response for all
// operations that have the same.
func (b *bundler) response(status int, codes []string) *object {
	key := fmt.Sprint(status, codes)
	name, known := b.shared[key]
	if !known {
		name = strings.ReplaceAll(http.StatusText(status), " ", "")
		for n := 2; b.responses.has(name); n++ {
			name = fmt.Sprint(strings.ReplaceAll(http.StatusText(status), " ", ""), n)
		}
		b.shared[key] = name
		values := make([]any, len(codes))
		for i, c := range codes {
			values[i] = c
		}
		schema := newObject("allOf", []any{newObject("$ref", "#/components/schemas/Error"), newObject("properties", newObject("code", newObject("enum", values)))})
		b.responses.set(name, newObject("description", http.StatusText(status)+".", "content", newObject("application/json", newObject("schema", schema))))
	}
	return newObject("$ref", "#/components/responses/"+name)
}

// addErrors adds the schemas of errors.
func (b *bundler) addErrors() {
	codes := b.codes.under("codes")
	values, about := []any{}, "A stable code.\n\n"
	for _, code := range codes.keys {
		row := list(codes.values[code])
		values = append(values, code)
		about += fmt.Sprintf("- `%s` (%s): %s\n", code, strings.Trim(fmt.Sprint(statuses(row)), "[]"), row[1])
	}
	b.schemas.set("ErrorCode", newObject("type", "string", "enum", values, "description", about))
	b.schemas.set("Error", newObject("type", "object", "description", "Why a call was refused. What API Gateway itself refuses on AWS has a message alone.",
		"required", []any{"message", "code", "env"}, "properties", newObject(
			"message", newObject("type", "string", "description", "A sentence for a person, up to 600 bytes."),
			"code", newObject("$ref", "#/components/schemas/ErrorCode"),
			"env", newObject("type", "string", "enum", []any{"sandbox", "live", ""}, "description", "The environment that the key is of, or claims to be; empty without one.")),
		"additionalProperties", false))
}

// statuses are those of a row of codes.yaml: one, or a list.
func statuses(row any) []int {
	switch v := list(row)[0].(type) {
	case int:
		return []int{v}
	case []any:
		var out []int
		for _, each := range v {
			out = append(out, each.(int))
		}
		return out
	}
	return nil
}
