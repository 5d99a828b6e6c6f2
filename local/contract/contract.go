// Package contract checks exchanges of the API against openapi.yaml: requests
// that were accepted, and every answer.
//
//	which operation is it?      operation.go
//	is a request, an answer so? check.go
//	how is it switched on?      watch.go
//
// Libraries that check HTTP against OpenAPI 3.1 give each schema to the JSON Schema
// library used here. It is used directly, so that a schema is compiled once.
package contract

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"windfall"
)

// A Contract is an OpenAPI document that can be checked against. It is safe for
// concurrent use.
type Contract struct {
	doc        map[string]any
	operations []*operation

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by their place in the document
}

// Embedded is openapi.yaml as this program carries it.
var Embedded = sync.OnceValues(func() (*Contract, error) { return New(windfall.OpenAPI) })

// New reads a document.
func New(text []byte) (*Contract, error) {
	var plain any
	if err := yaml.Unmarshal(text, &plain); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(plain)
	if err != nil {
		return nil, err
	}
	return FromJSON(asJSON)
}

// FromJSON reads a document in JSON.
func FromJSON(text []byte) (*Contract, error) {
	doc, err := decode(text)
	if err != nil {
		return nil, err
	}
	return FromDocument(object(doc))
}

// FromDocument takes a document that was read. It must not be changed any more.
func FromDocument(doc map[string]any) (*Contract, error) {
	c := &Contract{doc: doc, compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := c.compiler.AddResource(address, doc); err != nil {
		return nil, err
	}
	return c, c.readOperations()
}

// address names the document within the compiler; nothing is read from there.
const address = "windfall:openapi"

// schema is the schema at a place of the document, compiled once.
func (c *Contract) schema(place string) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, known := c.compiled[place]; known {
		return s, nil
	}
	s, err := c.compiler.Compile(address + "#" + place)
	if err != nil {
		return nil, fmt.Errorf("the schema at %s: %w", place, err)
	}
	c.compiled[place] = s
	return s, nil
}
