package oracle

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Event checks an event as a webhook receives it.
func (o *Oracle) Event(text []byte) []Finding {
	out := &report{method: "event"}
	var e map[string]any
	if err := json.Unmarshal(text, &e); err != nil {
		out.add("", "the body is not a JSON object: "+clip(err.Error()))
		return out.found
	}
	out.path, _ = e["type"].(string)
	out.check(o.event, e, "")
	o.checkEvent(out, e)
	return out.found
}

// checkEvent checks the parts that the schema of events leaves open: whether
// the type exists, and whether the object inside fits the type.
func (o *Oracle) checkEvent(out *report, e map[string]any) {
	kind, _ := e["type"].(string)
	if !o.types[kind] {
		out.add("type", "webhook endpoints cannot ask for it")
		return
	}
	data, _ := e["data"].(map[string]any)
	inside, _ := data["object"].(map[string]any)
	name, _ := inside["object"].(string)
	if want := o.Subject(kind); want == "" || name != want {
		out.add("data/object", "the type is about a "+want)
		return
	}
	out.check(o.objects[name], inside, "/data/object")
	before, _ := data["previous_attributes"].(map[string]any)
	for _, field := range sortedNames(before) {
		if o.objects[name].Value.Properties[field] == nil {
			out.add("data/previous_attributes/"+field, "no such field")
		}
	}
}

// Subject is the kind of object of a type of events, by its name: invoice.paid,
// customer.subscription.deleted, test_helpers.test_clock.ready. The whole name
// before the verb takes precedence over its last part.
func (o *Oracle) Subject(kind string) string {
	at := strings.LastIndexByte(kind, '.')
	if at < 0 {
		return ""
	}
	whole := kind[:at]
	last := whole[strings.LastIndexByte(whole, '.')+1:]
	for _, name := range []string{whole, last} {
		if o.objects[name] != nil {
			return name
		}
	}
	return ""
}

// EventSchema is the schema of events.
func (o *Oracle) EventSchema() *openapi3.SchemaRef { return o.event }

// ObjectSchema is the schema of a kind of objects, or nil.
func (o *Oracle) ObjectSchema(name string) *openapi3.SchemaRef { return o.objects[name] }
