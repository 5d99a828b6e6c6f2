package bundle

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// access has the keys of each access, and the codes that come with it.
var access = map[string]struct {
	keys  []any
	codes []string
}{
	"secret": {[]any{newObject("secretKey", []any{})}, []string{"call", "secret"}},
	"public": {[]any{newObject("secretKey", []any{}), newObject("publishableKey", []any{})}, []string{"call", "publishable"}},
	"pages":  {[]any{newObject("secretKey", []any{}), newObject("publishableKey", []any{})}, []string{"call", "publishable"}},
	"open":   {[]any{}, nil},
}

var security = newObject(
	"secretKey", newObject("type", "http", "scheme", "bearer", "description", "A secret key: am_sk_test_… for the sandbox, am_sk_live_…. It belongs on a server."),
	"publishableKey", newObject("type", "http", "scheme", "bearer", "description", "A publishable key: am_pk_test_… or am_pk_live_…. Anybody may see it, so it changes nothing."),
)

// parameters are those that several operations have.
var parameters = newObject(
	"idempotency_key", newObject("name", "Idempotency-Key", "in", "header",
		"description", "Up to 255 bytes. The same call with the same key gets the first answer again, for a day, and has no second effect.",
		"schema", newObject("type", "string", "maxLength", 255)),
	"expand", newObject("name", "expand", "in", "query",
		"description", "What to add, separated by commas: invoices, trials_used, entities, rewards, referrals, payment_method.",
		"schema", newObject("type", "string")),
	"expand_named", newObject("name", "expand", "in", "query",
		"description", "As expand in the body: names, separated by commas.",
		"schema", newObject("type", "string")),
	"expand_list", newObject("name", "expand[]", "in", "query",
		"description", "The same, one name in each.",
		"schema", newObject("type", "string")),
	"version", newObject("name", "x-api-version", "in", "header",
		"description", "The version: 1.2, 2.5.0 and those before, or their dates. Without it a path answers in its own dialect.",
		"schema", newObject("type", "string")),
	"with_autumn_id", newObject("name", "with_autumn_id", "in", "query",
		"description", "Whether to add the internal id.",
		"schema", newObject("type", "string", "enum", []any{"true", "false", "1", "0"})),
)

var inPath = regexp.MustCompile(`\{(\w+)\}`)

func (b *bundler) paths() (*object, error) {
	out := newObject()
	for _, source := range b.sources {
		paths := source.under("paths")
		for _, path := range paths.keys {
			operations := newObject()
			if known, ok := out.values[path].(*object); ok {
				operations = known
			}
			for _, method := range paths.under(path).keys {
				op, err := b.operation(path, paths.under(path).under(method))
				if err != nil {
					return out, fmt.Errorf("%s %s: %w", method, path, err)
				}
				operations.set(method, op)
			}
			out.set(path, operations)
		}
	}
	return out, nil
}

func (b *bundler) operation(path string, in *object) (*object, error) {
	who, known := access[in.text("access")]
	if !known || in.text("id") == "" || in.text("summary") == "" {
		return nil, fmt.Errorf("an operation has an id, a summary and an access")
	}
	out := newObject("operationId", in.text("id"), "summary", in.text("summary"))
	if about := in.text("about"); about != "" {
		out.set("description", strings.TrimSpace(about))
	}
	out.set("tags", []any{in.text("tag")})
	out.set("security", who.keys)
	if len(in.under("second").keys) > 0 { // the path is in the second dialect, too
		out.set("x-second", true)
	}
	if in.has("version") {
		out.set("x-version", in.values["version"])
	}
	given, err := b.parameters(path, in)
	if err != nil {
		return nil, err
	}
	if len(given) > 0 {
		out.set("parameters", given)
	}
	codes := append([]string{}, who.codes...)
	if in.has("request") {
		body, err := b.request(in)
		if err != nil {
			return nil, err
		}
		out.set("requestBody", body)
		if in.text("access") != "open" {
			codes = append(codes, "body")
		}
	}
	if in.flag("replays") {
		codes = append(codes, "replays")
	}
	for _, code := range list(in.values["errors"]) {
		codes = append(codes, code.(string))
	}
	responses, err := b.answers(in, codes)
	if err != nil {
		return nil, err
	}
	out.set("responses", responses)
	return out, nil
}

// either is a schema of the first dialect or one of the second, if there is one.
func (b *bundler) either(first *object, in *object, part string) (*object, error) {
	if !in.under("second").has(part) {
		return first, nil
	}
	second, err := b.property(in.under("second").values[part])
	return newObject("anyOf", []any{first, second}), err
}

func list(v any) []any { l, _ := v.([]any); return l }

func (b *bundler) parameters(path string, in *object) (out []any, err error) {
	for _, m := range inPath.FindAllStringSubmatch(path, -1) {
		about := b.info.under("path_parameters").text(m[1])
		if about == "" {
			return nil, fmt.Errorf("info.yaml says nothing of {%s}", m[1])
		}
		out = append(out, newObject("name", m[1], "in", "path", "required", true, "description", about, "schema", newObject("type", "string", "minLength", 1)))
	}
	query := in.under("query")
	for _, name := range query.keys {
		if shared := query.under(name).text("$param"); shared != "" {
			out = append(out, newObject("$ref", "#/components/parameters/"+shared))
			continue
		}
		s, err := b.property(query.values[name])
		if err != nil {
			return nil, err
		}
		s = s.copied()
		out = append(out, newObject("name", name, "in", "query", "description", s.take("description"), "schema", s))
	}
	if in.flag("replays") {
		out = append(out, newObject("$ref", "#/components/parameters/idempotency_key"))
	}
	switch {
	case in.has("version"): // without it, the path is another one
		out = append(out, newObject("name", "x-api-version", "in", "header", "required", true, "description", "2.0 or later.", "schema", newObject("type", "string", "pattern", "^2")))
	case in.text("access") != "open":
		out = append(out, newObject("$ref", "#/components/parameters/version"))
	}
	return out, nil
}

// request is the body of an operation: the name of a schema, a schema of which
// more fields are required than it says, or any other schema.
func (b *bundler) request(in *object) (*object, error) {
	var schema *object
	var err error
	v, needed := in.values["request"], false
	if o, ok := v.(*object); ok && o.has("schema") {
		more := newObject("required", o.values["required"], "properties", newObject())
		for _, name := range list(o.values["required"]) {
			more.under("properties").set(name.(string), newObject("type", "string", "minLength", 1))
		}
		base, bad := b.typed(o.text("schema"))
		schema, needed, err = newObject("allOf", []any{base, more}), true, bad
	} else {
		schema, err = b.property(v)
	}
	if err != nil {
		return nil, err
	}
	if name, ok := v.(string); ok {
		needed = b.schemas.under(name).has("required")
	}
	if list(schema.values["anyOf"]) != nil {
		needed = true
	}
	if schema, err = b.either(schema, in, "request"); err != nil {
		return nil, err
	}
	content, err := contentOf(schema, b.examples[in.text("id")].Request)
	if err != nil {
		return nil, err
	}
	body := newObject("content", content)
	if needed {
		body.set("required", true)
	}
	return body, nil
}

// contentOf is a JSON body of a schema, with what a test sent or was answered as its example.
func contentOf(schema *object, sample json.RawMessage) (*object, error) {
	media := newObject("schema", schema)
	if len(sample) > 0 {
		read, err := literal(sample)
		if err != nil {
			return nil, err
		}
		media.set("example", read)
	}
	return newObject("application/json", media), nil
}

func (b *bundler) answers(in *object, codes []string) (*object, error) {
	schema, err := b.property(in.values["answer"])
	if err != nil {
		return nil, err
	}
	if schema, err = b.either(schema, in, "answer"); err != nil {
		return nil, err
	}
	content, err := contentOf(schema, b.examples[in.text("id")].Answer)
	if err != nil {
		return nil, err
	}
	status := 200
	if n, ok := in.values["status"].(int); ok {
		status = n
	}
	out := newObject(strconv.Itoa(status), newObject("description", "Done.", "content", content))
	byStatus, err := b.expand(codes)
	if err != nil {
		return nil, err
	}
	for _, status := range sorted(byStatus) {
		out.set(strconv.Itoa(status), b.response(status, byStatus[status]))
	}
	return out, nil
}
