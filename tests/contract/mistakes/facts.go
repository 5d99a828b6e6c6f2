package mistakes

import "strings"

// Facts are what a document allows, so that it is no mistake.
type facts struct {
	optional map[string]bool // fields that an answer may leave out
	nullable map[string]bool // fields of true or false that may be null
	open     map[string]bool // operations that ignore fields they do not know
}

func factsOf(doc object) facts {
	know := facts{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	schemas := under(doc, "components", "schemas")
	for _, v := range schemas {
		s := v.(object)
		required := map[string]bool{}
		names, _ := s["required"].([]any)
		for _, name := range names {
			required[name.(string)] = true
		}
		for name, p := range under(s, "properties") {
			if !required[name] && s["additionalProperties"] == false {
				know.optional[name] = true
			}
			kinds, _ := p.(object)["type"].([]any)
			if len(kinds) == 2 && kinds[0] == "boolean" {
				know.nullable[name] = true
			}
		}
	}
	for path, methods := range under(doc, "paths") {
		for method, op := range methods.(object) {
			body := under(op.(object), "requestBody", "content", "application/json", "schema")
			if name := refOf(body); name != "" && under(schemas, name)["additionalProperties"] == nil {
				know.open[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	return know
}

// refOf is the name of the schema that a schema is, or is first of all.
func refOf(s object) string {
	if all := refsOf(s); len(all) > 0 {
		return all[0]
	}
	return ""
}

// refsOf are the names of the schemas that a schema may be.
func refsOf(s object) (names []string) {
	if ref, ok := s["$ref"].(string); ok {
		return []string{ref[strings.LastIndex(ref, "/")+1:]}
	}
	for _, keyword := range []string{"allOf", "anyOf"} {
		all, _ := s[keyword].([]any)
		for _, each := range all {
			names = append(names, refsOf(each.(object))...)
		}
	}
	return names
}
