// Package oracle checks exchanges with a Stripe API, and events, against
// Stripe's own OpenAPI document at API version 2023-10-16.
//
// It checks shapes, never behaviour: that an amount is a whole number, not
// which one. The golden numbers of the simulator's tests are for that.
package oracle

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/spec"
)

// Oracle is the document, parsed; it is safe for concurrent use.
type Oracle struct {
	routes  *http.ServeMux // Stripe's addresses; each handler is an *Operation
	objects map[string]*openapi3.SchemaRef
	event   *openapi3.SchemaRef
	refusal *openapi3.SchemaRef
	types   map[string]bool // of events, as webhook endpoints may name them

	// Operations is the number of operations in the document.
	Operations int
}

// Operation is one method of one address.
type Operation struct {
	Method, Path string
	Form         *openapi3.SchemaRef // the allowed parameters
	coerce       *spec.Schema        // the same, to convert text to numbers and other types
	responses    *openapi3.Responses
}

// ServeHTTP is never called: the mux only finds the matching operation.
func (*Operation) ServeHTTP(http.ResponseWriter, *http.Request) {}

// Load reads the document, which takes seconds, once per process.
var Load = sync.OnceValues(load)

const formType = "application/x-www-form-urlencoded"

func load() (*Oracle, error) {
	doc, err := openapi3.NewLoader().LoadFromData(embedded.OpenAPISpec)
	if err != nil {
		return nil, err
	}
	var twin spec.Spec
	if err := json.Unmarshal(embedded.OpenAPISpec, &twin); err != nil {
		return nil, err
	}
	o := &Oracle{routes: http.NewServeMux(), objects: map[string]*openapi3.SchemaRef{}, types: map[string]bool{}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			text := twin.Paths[spec.Path(path)][spec.HTTPVerb(strings.ToLower(method))]
			if text == nil {
				return nil, fmt.Errorf("%s %s is in one reading of the document only", method, path)
			}
			o.routes.Handle(method+" "+path, newOperation(method, path, item, op, text))
			o.Operations++
		}
	}
	o.nameObjects(doc)
	o.event, o.refusal = doc.Components.Schemas["event"], doc.Components.Schemas["error"]
	hooks := doc.Paths.Value("/v1/webhook_endpoints").Post.RequestBody.Value.Content[formType].Schema.Value
	for _, name := range hooks.Properties["enabled_events"].Value.Items.Value.Enum {
		o.types[name.(string)] = name != "*"
	}
	return o, nil
}

// newOperation takes the form of a body, or builds one from the query
// parameters of a GET. A DELETE has a body even if it is sent as a query.
func newOperation(method, path string, item *openapi3.PathItem, op *openapi3.Operation, text *spec.Operation) *Operation {
	made := &Operation{Method: method, Path: path, responses: op.Responses}
	if method != http.MethodGet && op.RequestBody != nil && text.RequestBody != nil {
		if media := op.RequestBody.Value.Content[formType]; media != nil {
			made.Form, made.coerce = media.Schema, text.RequestBody.Content[formType].Schema
			return made
		}
	}
	closed, form := false, openapi3.NewObjectSchema()
	form.Properties = openapi3.Schemas{}
	form.AdditionalProperties.Has = &closed
	for _, p := range append(append(openapi3.Parameters{}, op.Parameters...), item.Parameters...) {
		if p.Value.In != openapi3.ParameterInQuery {
			continue
		}
		form.Properties[p.Value.Name] = p.Value.Schema
		if p.Value.Required {
			form.Required = append(form.Required, p.Value.Name)
		}
	}
	made.Form, made.coerce = form.NewRef(), spec.BuildQuerySchema(text)
	return made
}

// nameObjects finds the schema of each kind by the name in its "object". A
// deleted object has the same name and is never in events.
func (o *Oracle) nameObjects(doc *openapi3.T) {
	for _, schema := range doc.Components.Schemas {
		tag := schema.Value.Properties["object"]
		if tag == nil || len(tag.Value.Enum) != 1 || schema.Value.Properties["deleted"] != nil {
			continue
		}
		o.objects[tag.Value.Enum[0].(string)] = schema
	}
}

// Find is the operation of a request, or nil.
func (o *Oracle) Find(r *http.Request) *Operation {
	h, _ := o.routes.Handler(r)
	op, _ := h.(*Operation)
	return op
}

// Kinds is the number of kinds of objects with a schema.
func (o *Oracle) Kinds() int { return len(o.objects) }
