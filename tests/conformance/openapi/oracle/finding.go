package oracle

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Exchange is one line of a recording: a request and its answer, or an event.
type Exchange struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	Query  string          `json:"query"`
	Form   string          `json:"form"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
	Event  json.RawMessage `json:"event"`
}

// Finding is one difference from the document.
type Finding struct {
	Method string // or "event"
	Path   string // as the document has it; the type of an event
	Field  string // "items/data/0/price"
	Reason string
}

var index = regexp.MustCompile(`(^|/)\d+(/|$)`)

// Like is the finding without the positions of lists, so that equal ones are
// counted together.
func (f Finding) Like() Finding {
	for index.MatchString(f.Field) {
		f.Field = index.ReplaceAllString(f.Field, "${1}*${2}")
	}
	return f
}

func (f Finding) String() string {
	return f.Method + " " + f.Path + " " + f.Field + ": " + f.Reason
}

// report collects findings about one value.
type report struct {
	method, path string
	found        []Finding
}

func (r *report) add(field, reason string) {
	r.found = append(r.found, Finding{r.method, r.path, strings.TrimPrefix(field, "/"), reason})
}

// check validates a value, and reports its differences.
func (r *report) check(schema *openapi3.SchemaRef, value any, at string) {
	r.explain(schema.Value.VisitJSON(value, openapi3.MultiErrors()), at)
	Walk(schema, value, at, func(n Node) {
		for _, name := range n.Unknown() {
			r.add(n.Path+"/"+name, "no such field")
		}
	})
}

// explain takes an error apart. If a value is none of several kinds, it reports
// the differences from the kind that the value names.
func (r *report) explain(err error, at string) {
	var several openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case err == nil:
	case errors.As(err, &one) && !startsWithMany(err):
		field := at
		if p := one.JSONPointer(); len(p) > 0 {
			field += "/" + strings.Join(p, "/")
		}
		if one.SchemaField == "anyOf" {
			if meant := choose(one.Schema.NewRef(), one.Value); len(meant) == 1 && meant[0] != one.Schema {
				r.explain(meant[0].VisitJSON(one.Value, openapi3.MultiErrors()), field)
				return
			}
		}
		r.add(field, clip(one.Reason))
	case errors.As(err, &several):
		for _, e := range several {
			r.explain(e, at)
		}
	default:
		r.add(at, clip(err.Error()))
	}
}

// startsWithMany: errors.As searches lists, which must be taken apart first.
func startsWithMany(err error) bool {
	_, many := err.(openapi3.MultiError) //nolint:errorlint // only the outermost matters
	return many
}

func clip(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	if len(text) > 160 {
		text = text[:160] + "…"
	}
	return text
}
