package mistakes

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"windfall/local/contract"
)

// inDocument takes out of the document, one after the other, what a sample needs:
// its operation, its status, its code, and each field of its answer.
func (know facts) inDocument(whole *contract.Contract, read object, samples []contract.Sample, count func(name string, s contract.Sample, found error)) error {
	seen := map[string]bool{}
	for _, s := range samples {
		operation := whole.Operation(s.Exchange())
		method, path, found := strings.Cut(operation, " ")
		if !found || seen[operation+strconv.Itoa(s.Status)] {
			continue
		}
		seen[operation+strconv.Itoa(s.Status)] = true
		for name, change := range know.changes(strings.ToLower(method), path, s) {
			doc := clone(read).(object)
			if !change(doc) {
				continue
			}
			c, err := contract.FromDocument(doc)
			if err != nil {
				return err
			}
			count(name, s, Check(c, s))
		}
	}
	return nil
}

// changes are what can be taken out of a document; each reports whether it was
// there.
func (know facts) changes(method, path string, s contract.Sample) map[string]func(object) bool {
	out := map[string]func(object) bool{}
	operation := func(doc object) object { return under(doc, "paths", path, method) }
	status := strconv.Itoa(s.Status)
	out["document: a status is missing"] = func(doc object) bool {
		delete(under(operation(doc), "responses"), status)
		return true
	}
	if s.Status < 300 {
		out["document: an operation is missing"] = func(doc object) bool { delete(under(doc, "paths", path), method); return true }
		out["document: a field of the answer is missing"] = func(doc object) bool {
			answer, _ := parse(s.Answer).(object)
			return dropField(doc, under(operation(doc), "responses", status, "content", "application/json", "schema"), answer)
		}
		out["document: a field of the request is missing"] = func(doc object) bool {
			body, _ := parse(s.Body).(object)
			if know.open[strings.ToUpper(method)+" "+path] || method == "get" || method == "delete" {
				return false
			}
			return dropField(doc, under(operation(doc), "requestBody", "content", "application/json", "schema"), body)
		}
		return out
	}
	out["document: a code of the status is missing"] = func(doc object) bool {
		answer, _ := parse(s.Answer).(object)
		code, _ := answer["code"].(string)
		ref, _ := under(operation(doc), "responses", status)["$ref"].(string)
		all, _ := under(doc, "components", "responses", ref[strings.LastIndex(ref, "/")+1:], "content", "application/json", "schema")["allOf"].([]any)
		if len(all) < 2 {
			return false
		}
		values := under(all[1].(object), "properties", "code")
		var rest []any
		for _, v := range values["enum"].([]any) {
			if v != code {
				rest = append(rest, v)
			}
		}
		values["enum"] = append(rest, "none")
		return true
	}
	return out
}

// dropField removes a field that a value has from every alternative of its schema.
func dropField(doc, schema object, value object) (dropped bool) {
	for _, key := range slices.Sorted(maps.Keys(value)) {
		for _, name := range refsOf(schema) {
			properties := under(doc, "components", "schemas", name, "properties")
			if _, there := properties[key]; there {
				delete(properties, key)
				dropped = true
			}
		}
		if dropped {
			return true
		}
	}
	return false
}

func under(in object, keys ...string) object {
	for _, key := range keys {
		in, _ = in[key].(object)
	}
	return in
}

func clone(v any) any {
	switch v := v.(type) {
	case object:
		out := make(object, len(v))
		for k, each := range v {
			out[k] = clone(each)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, each := range v {
			out[i] = clone(each)
		}
		return out
	}
	return v
}
