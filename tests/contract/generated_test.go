package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The types that are generated for examples have the fields of their schemas.
func TestGeneratedTypesAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "examples", "go", "windfall", "types.go"), nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	schemas := under(document(t), "components", "schemas")
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		s, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		seen++
		properties := under(schemas, spec.Name.Name, "properties")
		var fields []string
		for _, f := range s.Fields.List {
			tag, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
			if name == "-" {
				continue // what a type with open fields keeps of the rest
			}
			if fields = append(fields, name); properties[name] == nil {
				t.Errorf("%s.%s is not in openapi.yaml. Run make types.", spec.Name.Name, name)
			}
		}
		for name := range properties {
			if !slices.Contains(fields, name) {
				t.Errorf("%s.%s of openapi.yaml is not in the generated types. Run make types.", spec.Name.Name, name)
			}
		}
		return true
	})
	if seen < 20 {
		t.Errorf("%d types: this test reads the file wrongly", seen)
	}
}
