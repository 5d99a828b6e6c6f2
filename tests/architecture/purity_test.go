package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Time and randomness come in with a command, and no number of a balance or a
// price is ever binary: the packages that decide and store have no clock, no
// randomness, no sleep and no float.
func TestRulesAreExactAndRepeatable(t *testing.T) {
	t.Parallel()
	banned := map[string]map[string]bool{
		"time":    {"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "Tick": true, "NewTimer": true, "NewTicker": true, "AfterFunc": true},
		"decimal": {"NewFromFloat": true, "NewFromFloat32": true, "NewFromFloatWithExponent": true},
	}
	for _, p := range list(t, "./shared/refusal", "./shared/money", "./shared/catalog", "./shared/entitlement", "./shared/usage", "./shared/billing", "./shared/app", "./shared/admin", "./shared/dynamo", "./shared/payments") {
		for _, name := range p.Imports {
			if strings.Contains(name, "/rand") {
				t.Errorf("%s imports %s", p.ImportPath, name)
			}
		}
		for name, file := range parsed(t, p.Dir) {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					if n.Name == "float64" || n.Name == "float32" {
						t.Errorf("%s/%s uses %s; numbers are decimals", p.ImportPath, name, n.Name)
					}
				case *ast.SelectorExpr:
					of, ok := n.X.(*ast.Ident)
					if ok && banned[of.Name][n.Sel.Name] {
						t.Errorf("%s/%s uses %s.%s", p.ImportPath, name, of.Name, n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// parsed reads the Go files of a folder, without tests.
func parsed(t *testing.T, dir string) map[string]*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(path)] = file
	}
	if len(files) == 0 {
		t.Fatalf("no Go files in %s", dir)
	}
	return files
}
