package oracle

import (
	"encoding/json"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
)

// Response checks an answer.
func (o *Oracle) Response(e Exchange) []Finding {
	out := &report{method: e.Method, path: e.Path}
	if op := o.Operation(e); op != nil {
		out.path = op.Path
	}
	var body any
	if err := json.Unmarshal(e.Body, &body); err != nil {
		out.add("", "the body is not JSON: "+clip(err.Error()))
		return out.found
	}
	schema := o.Answer(e)
	if schema == nil {
		out.add("", "answered where Stripe has no such address")
		return out.found
	}
	out.check(schema, body, "")
	for _, event := range eventsIn(body) {
		o.checkEvent(out, event)
	}
	return out.found
}

// Answer is the schema of an exchange's answer; nil for a success at an address
// that Stripe does not have.
func (o *Oracle) Answer(e Exchange) *openapi3.SchemaRef {
	if e.Status >= http.StatusBadRequest {
		return o.refusal
	}
	op := o.Operation(e)
	if op == nil {
		return nil
	}
	r := op.responses.Status(e.Status)
	if r == nil {
		r = op.responses.Default()
	}
	return r.Value.Content["application/json"].Schema
}

// eventsIn are the events of an answer: one, or a list of them. The document
// leaves their content open.
func eventsIn(body any) []map[string]any {
	m, _ := body.(map[string]any)
	switch m["object"] {
	case "event":
		return []map[string]any{m}
	case "list":
		var out []map[string]any
		items, _ := m["data"].([]any)
		for _, item := range items {
			out = append(out, eventsIn(item)...)
		}
		return out
	}
	return nil
}
