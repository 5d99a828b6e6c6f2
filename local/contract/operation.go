package contract

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// An operation is one method of one path.
type operation struct {
	ID        string
	method    string
	path      string
	segments  []string // "" stands for a parameter
	place     string   // in the document
	query     map[string]parameter
	header    map[string]parameter
	keys      []string // the names of security schemes; none is no key
	body      bool     // takes one
	bodyPlace string
	needed    bool              // requires one
	answers   map[string]string // places of the answers by status
	second    bool              // whether it has both dialects
	newer     bool              // whether it is called in the second
	only      bool              // of the second dialect alone, though its path is none of it
}

// A parameter is in the URL or a header.
type parameter struct {
	place  string
	needed bool
}

// Operations lists the operations as "POST /v1/attach".
func (c *Contract) Operations() []string {
	out := make([]string, len(c.operations))
	for i, op := range c.operations {
		out[i] = op.method + " " + op.path
	}
	slices.Sort(out)
	return out
}

func (c *Contract) readOperations() error {
	paths := object(c.doc["paths"])
	for path, item := range paths {
		for method, v := range object(item) {
			op := &operation{method: strings.ToUpper(method), path: path, place: "/paths/" + pointer(path) + "/" + method,
				query: map[string]parameter{}, header: map[string]parameter{}, answers: map[string]string{}}
			if err := c.readOperation(op, object(v)); err != nil {
				return fmt.Errorf("%s %s: %w", op.method, path, err)
			}
			c.operations = append(c.operations, op)
		}
	}
	return nil
}

func (c *Contract) readOperation(op *operation, in map[string]any) error {
	op.ID, _ = in["operationId"].(string)
	op.second, _ = in["x-second"].(bool)
	op.only = in["x-version"] != nil
	for _, segment := range strings.Split(op.path, "/") {
		if strings.HasPrefix(segment, "{") {
			segment = ""
		}
		op.segments = append(op.segments, segment)
	}
	security, _ := in["security"].([]any)
	for _, s := range security {
		for name := range object(s) {
			op.keys = append(op.keys, name)
		}
	}
	given, _ := in["parameters"].([]any)
	for i := range given {
		place, p, err := c.resolve(fmt.Sprintf("%s/parameters/%d", op.place, i))
		if err != nil {
			return err
		}
		needed, _ := p["required"].(bool)
		name, _ := p["name"].(string)
		switch p["in"] {
		case "query":
			op.query[name] = parameter{place + "/schema", needed}
		case "header":
			op.header[name] = parameter{place + "/schema", needed}
		}
	}
	if body, ok := in["requestBody"].(map[string]any); ok {
		op.body, op.bodyPlace = true, op.place+"/requestBody/content/application~1json/schema"
		op.needed, _ = body["required"].(bool)
	}
	for status := range object(in["responses"]) {
		place, _, err := c.resolve(op.place + "/responses/" + status)
		if err != nil {
			return err
		}
		op.answers[status] = place
	}
	return nil
}

// resolve follows a reference at a place of the document.
func (c *Contract) resolve(place string) (string, map[string]any, error) {
	found, err := c.at(place)
	if err != nil {
		return "", nil, err
	}
	if ref, ok := object(found)["$ref"].(string); ok {
		return c.resolve(strings.TrimPrefix(ref, "#"))
	}
	return place, object(found), nil
}

// at is what is at a place of the document.
func (c *Contract) at(place string) (any, error) {
	var v any = c.doc
	for _, key := range strings.Split(place, "/")[1:] {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		switch in := v.(type) {
		case map[string]any:
			v = in[key]
		case []any:
			i := -1
			if _, err := fmt.Sscan(key, &i); err != nil || i < 0 || i >= len(in) {
				return nil, fmt.Errorf("there is nothing at %s", place)
			}
			v = in[i]
		}
		if v == nil {
			return nil, fmt.Errorf("there is nothing at %s", place)
		}
	}
	return v, nil
}

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }

// pointer is a key as a JSON pointer has it.
func pointer(key string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(key) }

// question matches a question mark in a path, and what follows: API Gateway decodes
// a path twice, and cuts it there.
var question = regexp.MustCompile(`(?i)%(25)?3f.*`)

// find is the operation of a call; nil if there is none. A path without a
// parameter goes before one with it.
func (c *Contract) find(method string, u *url.URL, version string) *operation {
	segments := strings.Split(question.ReplaceAllString(u.EscapedPath(), ""), "/")
	second := version == "2" || strings.HasPrefix(version, "2.") || strings.HasPrefix(version, "2026-")
	var found *operation
	for _, op := range c.operations {
		if op.method == method && (second || !op.only) && op.matches(segments) && (found == nil || op.literals() > found.literals()) {
			found = op
		}
	}
	if found == nil || !found.second || !second {
		return found
	}
	newer := *found
	newer.newer = true
	return &newer
}

func (op *operation) matches(segments []string) bool {
	if len(segments) != len(op.segments) {
		return false
	}
	for i, s := range op.segments {
		if s == "" && i > 0 && segments[i] == "" || s != "" && s != segments[i] {
			return false
		}
	}
	return true
}

// literals counts the segments that are no parameters.
func (op *operation) literals() (n int) {
	for _, s := range op.segments {
		if s != "" {
			n++
		}
	}
	return n
}
