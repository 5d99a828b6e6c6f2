package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// kind is a schema in a few words.
func (r *reference) kind(s *object) string {
	if name, ok := strings.CutPrefix(s.text("$ref"), "#/components/schemas/"); ok {
		if name == "ErrorCode" { // it is shown as a table, and not as an object
			return "[" + name + "](#error-codes)"
		}
		return "[" + name + "](#" + strings.ToLower(name) + ")"
	}
	if all := list(s.values["allOf"]); all != nil {
		return r.kind(all[0].(*object))
	}
	if any := list(s.values["anyOf"]); any != nil {
		var parts []string
		for _, each := range any {
			if k := r.kind(each.(*object)); !slices.Contains(parts, k) {
				parts = append(parts, k)
			}
		}
		return strings.Join(parts, " or ")
	}
	if values := list(s.values["enum"]); values != nil {
		if slices.ContainsFunc(values, isList) {
			return "nothing"
		}
		var parts []string
		for _, v := range values {
			if v != nil && v != "" {
				parts = append(parts, fmt.Sprint(v))
			}
		}
		if len(parts) > 8 {
			return fmt.Sprintf("one of %d texts", len(parts))
		}
		return strings.Join(parts, ", ")
	}
	if s.has("const") {
		return fmt.Sprint(s.values["const"])
	}
	kinds := []string{s.text("type")}
	if several := list(s.values["type"]); several != nil {
		kinds = nil
		for _, k := range several {
			kinds = append(kinds, k.(string))
		}
	}
	for i, k := range kinds {
		switch {
		case k == "array":
			kinds[i] = "list of " + r.kind(s.under("items"))
		case k == "object" && s.has("additionalProperties") && s.values["additionalProperties"] != false:
			kinds[i] = "map of " + r.kind(s.under("additionalProperties"))
		case k == "integer" && s.text("format") == "int64":
			kinds[i] = "time"
		case k == "":
			kinds[i] = "anything"
		}
	}
	return strings.Join(kinds, " or ")
}

// isList tells the values that are as good as nothing, an empty list among them, from words.
func isList(v any) bool {
	_, is := v.([]any)
	return is
}

// sample is the example of a body, on a line.
func sample(media *object) string {
	if !media.has("example") {
		return ""
	}
	var out bytes.Buffer
	writeJSON(&out, media.values["example"])
	if out.Len() < 3 {
		return ""
	}
	return ", such as `" + out.String() + "`"
}

func writeJSON(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case *object:
		out.WriteString("{")
		for i, k := range v.keys {
			if i > 0 {
				out.WriteString(", ")
			}
			fmt.Fprintf(out, "%q: ", k)
			writeJSON(out, v.values[k])
		}
		out.WriteString("}")
	case []any:
		out.WriteString("[")
		for i, each := range v {
			if i > 0 {
				out.WriteString(", ")
			}
			writeJSON(out, each)
		}
		out.WriteString("]")
	default:
		text, _ := json.Marshal(v) // a scalar of YAML
		out.Write(text)
	}
}
