// Package bundle makes openapi.yaml from the files of the folder openapi/, which
// are OpenAPI written shorter: openapi/README.md says how.
//
//	how types and properties are written   types.go
//	requests and answers                   schemas.go
//	operations                             operation.go
//	errors                                 errors.go
//	the reference in docs/api.md           reference.go, words.go
//	types for a generator of Go            plain.go
//	YAML with its order                    object.go
package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"
)

// groups are the files of operations, in the order of the document.
var groups = []string{"billing", "usage", "customers", "catalog", "rewards", "referrals", "settings", "entities",
	"v2_balances", "v2_customers", "v2_features", "v2_plans", "v2_billing", "v2_rewards", "v2_more"}

type bundler struct {
	info, codes *object
	sources     []*object
	examples    map[string]example // by operation
	schemas     *object
	responses   *object
	shared      map[string]string // names of responses by what they hold
	used        map[string]bool   // names of schemas that are referred to
	open        map[string]bool   // of requests that are within one that ignores unknown fields
	within      bool              // such a request is being converted
}

// Make returns the document made of the sources in a folder.
func Make(dir string) ([]byte, error) {
	b := &bundler{schemas: newObject(), responses: newObject(), shared: map[string]string{}, used: map[string]bool{}}
	if err := b.load(dir); err != nil {
		return nil, err
	}
	b.findOpen()
	for _, source := range b.sources {
		if err := b.addSchemas(source); err != nil {
			return nil, err
		}
	}
	paths, err := b.paths()
	if err != nil {
		return nil, err
	}
	b.addErrors()
	for name := range b.used {
		if !b.schemas.has(name) {
			return nil, fmt.Errorf("there is no schema %s", name)
		}
	}
	doc := newObject()
	for _, key := range []string{"openapi", "info", "servers", "tags"} {
		doc.set(key, b.info.values[key])
	}
	doc.set("paths", paths)
	doc.set("components", newObject("securitySchemes", security, "parameters", parameters, "responses", b.responses, "schemas", b.schemas))
	var out bytes.Buffer
	out.WriteString("# Made by make openapi from the folder openapi/. Do not edit.\n")
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	err = e.Encode(node(doc))
	return out.Bytes(), err
}

func (b *bundler) load(dir string) (err error) {
	if b.info, err = file(dir, "info"); err != nil {
		return err
	}
	if b.codes, err = file(dir, "codes"); err != nil {
		return err
	}
	for _, name := range groups {
		source, err := file(dir, name)
		if err != nil {
			return err
		}
		b.sources = append(b.sources, source)
	}
	return b.loadExamples(dir)
}

func file(dir, name string) (*object, error) {
	text, err := os.ReadFile(filepath.Join(dir, name+".yaml"))
	if err != nil {
		return nil, err
	}
	var n yaml.Node
	if err := yaml.Unmarshal(text, &n); err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", name, err)
	}
	v, err := read(&n)
	if err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", name, err)
	}
	o, ok := v.(*object)
	if !ok {
		return nil, fmt.Errorf("%s.yaml is no object", name)
	}
	return o, nil
}

// An example is a call and its answer.
type example struct {
	Operation string          `json:"operation"`
	Request   json.RawMessage `json:"request,omitempty"`
	Answer    json.RawMessage `json:"answer"`
}

// loadExamples reads what a test has recorded; see tests/contract.
func (b *bundler) loadExamples(dir string) error {
	b.examples = map[string]example{}
	text, err := os.ReadFile(filepath.Join(dir, "answers.json"))
	if err != nil {
		return err
	}
	var all []example
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("answers.json: %w", err)
	}
	for _, e := range all {
		b.examples[e.Operation] = e
	}
	return nil
}

// literal converts JSON to what a document holds, in its order.
func literal(text json.RawMessage) (any, error) {
	var n yaml.Node
	if err := yaml.Unmarshal(text, &n); err != nil { // JSON is YAML
		return nil, err
	}
	return read(&n)
}

// sorted are the keys of an object in their order.
func sorted[V any](m map[int]V) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
