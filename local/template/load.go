package template

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// A Template is template.yaml with its parameters and conditions decided.
type Template struct {
	Functions []Function // sorted by folder
	Table     Table
	CORS      CORS

	// Resources holds every resource as CloudFormation's long form: maps,
	// lists, strings, numbers; an intrinsic is a map like {"Ref": "Table"}.
	// Parameters and conditions are already replaced.
	Resources map[string]Resource
}

// A Resource is one entry of the template's Resources section.
type Resource struct {
	Type       string         // like AWS::DynamoDB::Table
	Properties map[string]any // resolved; see [Template]
	Attributes map[string]any // DeletionPolicy, UpdateReplacePolicy, Metadata, Condition, …
}

// Load reads the template at path. Parameters have their defaults, or the
// overrides, as in "Stage=prod". The error names the wrong part.
func Load(path string, overrides ...string) (*Template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t, err := Parse(text, overrides...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// Parse reads a template from its text; see [Load].
func Parse(text []byte, overrides ...string) (*Template, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	if len(root.Content) == 0 {
		return nil, errors.New("the template is empty")
	}
	document, ok := plain(root.Content[0]).(map[string]any)
	if !ok {
		return nil, errors.New("the template is not a map")
	}
	scope, err := newScope(document, overrides)
	if err != nil {
		return nil, err
	}
	t := &Template{Resources: resources(document, scope)}
	globals := asMap(scope.resolve(asMap(document["Globals"])["Function"]))
	steps := []func() error{
		func() (err error) { t.Functions, err = functions(globals, t.Resources); return },
		func() (err error) { t.Table, err = table(t.Resources); return },
		func() (err error) { t.CORS, err = cors(t.Resources); return },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Find returns the path of the template.yaml in the working directory or the
// nearest folder above it, so that tests and commands work from any folder of
// the project.
func Find() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "template.yaml")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no template.yaml in this folder or above it; run this inside the project")
		}
		dir = up
	}
}

// Function returns the function of a folder in functions/.
func (t *Template) Function(folder string) (Function, bool) {
	for _, f := range t.Functions {
		if f.Folder == folder {
			return f, true
		}
	}
	return Function{}, false
}

func resources(document map[string]any, scope scope) map[string]Resource {
	found := map[string]Resource{}
	for id, raw := range asMap(document["Resources"]) {
		r := Resource{Properties: map[string]any{}, Attributes: map[string]any{}}
		for key, value := range asMap(raw) {
			switch key {
			case "Type":
				r.Type = asString(value)
			case "Properties":
				r.Properties = asMap(scope.resolve(value))
			default:
				r.Attributes[key] = value
			}
		}
		found[id] = r
	}
	return found
}
