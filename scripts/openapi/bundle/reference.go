package bundle

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// begin is the line of docs/api.md below which the reference stands.
const begin = "<!-- The rest is made by make docs from openapi.yaml. Do not edit. -->"

// Document returns a page with its reference made anew: what is above the mark
// stays, the rest follows from openapi.yaml.
func Document(page, openapi []byte) ([]byte, error) {
	above, _, found := bytes.Cut(page, []byte(begin))
	if !found {
		return nil, fmt.Errorf("the page has no line %q", begin)
	}
	var n yaml.Node
	if err := yaml.Unmarshal(openapi, &n); err != nil {
		return nil, err
	}
	v, err := read(&n)
	if err != nil {
		return nil, err
	}
	r := &reference{doc: v.(*object), schemas: v.(*object).under("components").under("schemas")}
	r.write()
	return slices.Concat(above, []byte(begin), []byte("\n\n"), r.out.Bytes()), nil
}

type reference struct {
	doc, schemas *object
	out          bytes.Buffer
}

func (r *reference) line(format string, args ...any) { fmt.Fprintf(&r.out, format+"\n", args...) }

func (r *reference) write() {
	r.line("## Reference\n")
	r.line("Made from [openapi.yaml](../openapi.yaml), which clients can be generated from. `make dev` shows it as a page at /docs, where each call can be tried.")
	r.line("Every call may answer the [codes](#error-codes) marked with \\*; the others are listed with the calls.\n")
	for _, v := range list(r.doc.values["tags"]) {
		tag := v.(*object)
		r.line("### %s\n\n%s\n", tag.text("name"), tag.text("description"))
		paths := r.doc.under("paths")
		for _, path := range paths.keys {
			for _, method := range paths.under(path).keys {
				if op := paths.under(path).under(method); list(op.values["tags"])[0] == tag.values["name"] {
					r.operation(method, path, op)
				}
			}
		}
	}
	r.objects()
	r.codes()
}

func (r *reference) operation(method, path string, op *object) {
	r.line("#### %s %s\n", strings.ToUpper(method), path)
	r.line("%s.%s\n", op.text("summary"), after(op.text("description")))
	r.line("- Keys: %s", keys(op))
	for _, v := range list(op.values["parameters"]) {
		p := r.resolved(v.(*object))
		if p.text("in") == "query" {
			r.line("- `%s` in the URL: %s", p.text("name"), about(p.text("description"), r.kind(p.under("schema"))))
		}
	}
	if body := op.under("requestBody"); len(body.keys) > 0 {
		media := body.under("content").under("application/json")
		r.line("- Body: %s%s", r.kind(media.under("schema")), sample(media))
	}
	responses := op.under("responses")
	for _, status := range responses.keys {
		if status[0] == '2' {
			media := responses.under(status).under("content").under("application/json")
			r.line("- Answer: %s, %s", status, r.kind(media.under("schema")))
		}
	}
	if own := r.own(responses); own != "" {
		r.line("- Errors: %s", own)
	}
	r.line("")
}

func after(text string) string {
	if text == "" {
		return ""
	}
	return "\n" + text
}

func about(text, kind string) string {
	if kind == "" {
		return text
	}
	return kind + ". " + text
}

func keys(op *object) string {
	var names []string
	for _, v := range list(op.values["security"]) {
		for _, name := range v.(*object).keys {
			names = append(names, map[string]string{"secretKey": "secret", "publishableKey": "publishable"}[name])
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func (r *reference) resolved(o *object) *object {
	ref, found := strings.CutPrefix(o.text("$ref"), "#/components/")
	if !found {
		return o
	}
	part, name, _ := strings.Cut(ref, "/")
	return r.doc.under("components").under(part).under(name)
}

// codesOf are the codes of a response.
func (r *reference) codesOf(response *object) []any {
	all := list(r.resolved(response).under("content").under("application/json").under("schema").values["allOf"])
	if len(all) < 2 {
		return nil
	}
	return list(all[1].(*object).under("properties").under("code").values["enum"])
}

// own are the errors of an operation that not every call may answer.
func (r *reference) own(responses *object) string {
	var names []string
	for _, status := range responses.keys {
		for _, code := range r.codesOf(responses.under(status)) {
			if name := "`" + code.(string) + "`"; !slices.Contains(everywhere, code.(string)) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// everywhere are the codes that come with a path, a key, a body, or a changing call.
var everywhere = strings.Fields(`route_not_found invalid_request invalid_inputs invalid_path answer_too_large request_too_large
	unsupported_media_type headers_too_large no_secret_key invalid_secret_key endpoint_not_public read_only_key idempotency_key_reused
	request_in_progress rate_limit_exceeded too_many_requests internal_error service_unavailable timeout`)

func (r *reference) objects() {
	r.line("### Objects\n\nA field with ! is required. In answers every field is there, unless it ends in ?.\n")
	requested := r.requested()
	for _, name := range r.schemas.keys {
		s := r.schemas.under(name)
		if name == "ErrorCode" {
			continue
		}
		r.line("#### %s\n\n%s\n", name, strings.TrimSpace(s.text("description")))
		fields := s.under("properties")
		if len(fields.keys) == 0 {
			continue
		}
		r.line("| field | type | |\n|---|---|---|")
		required := list(s.values["required"])
		for _, f := range fields.keys {
			mark, needed := "", slices.Contains(required, any(f))
			if !requested[name] && !needed {
				mark = "?"
			} else if requested[name] && needed {
				mark = "!"
			}
			p := fields.under(f)
			r.line("| `%s`%s | %s | %s |", f, mark, strings.ReplaceAll(r.kind(p), "|", "\\|"), strings.ReplaceAll(p.text("description"), "|", "\\|"))
		}
		r.line("")
	}
}

// requested are the schemas of requests, and those within them.
func (r *reference) requested() map[string]bool {
	out := map[string]bool{}
	var add func(v any)
	add = func(v any) {
		switch v := v.(type) {
		case *object:
			if name, ok := strings.CutPrefix(v.text("$ref"), "#/components/schemas/"); ok && !out[name] {
				out[name] = true
				add(r.schemas.values[name])
			}
			for _, k := range v.keys {
				add(v.values[k])
			}
		case []any:
			for _, each := range v {
				add(each)
			}
		}
	}
	paths := r.doc.under("paths")
	for _, path := range paths.keys {
		for _, method := range paths.under(path).keys {
			add(paths.under(path).under(method).under("requestBody").under("content").under("application/json").values["schema"])
		}
	}
	return out
}

func (r *reference) codes() {
	r.line("### Error codes\n\nA refusal is `{message, code, env}`.\n\n| status | code | |\n|---|---|---|")
	for _, row := range strings.Split(r.schemas.under("ErrorCode").text("description"), "\n") {
		rest, found := strings.CutPrefix(row, "- `")
		if !found {
			continue
		}
		code, rest, _ := strings.Cut(rest, "` (")
		status, text, _ := strings.Cut(rest, "): ")
		mark := ""
		if slices.Contains(everywhere, code) {
			mark = " \\*"
		}
		r.line("| %s | `%s`%s | %s |", status, code, mark, text)
	}
}
