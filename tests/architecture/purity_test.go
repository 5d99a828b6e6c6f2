package architecture

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
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

// What is deployed, and the commands of an operator, get time and randomness by one door: shared/wire, which gives them
// to the App. The operator's commands read the clock where they begin.
func TestTimeAndRandomnessComeFromTheWiring(t *testing.T) {
	t.Parallel()
	clock := []string{"Now", "Since", "Until"}
	for _, p := range list(t, "./shared/...", "./functions/...", "./scripts/...") {
		if p.ImportPath == "windfall/shared/wire" || p.ImportPath == "windfall/shared/wire/withstripe" {
			continue
		}
		for _, name := range p.Imports {
			if slices.Contains([]string{"crypto/rand", "math/rand", "math/rand/v2"}, name) {
				t.Errorf("%s imports %s; App.Random, NewID and NewCode are for that", p.ImportPath, name)
			}
		}
		if strings.HasPrefix(p.ImportPath, "windfall/scripts/") {
			continue
		}
		for name, file := range parsed(t, p.Dir) {
			ast.Inspect(file, func(n ast.Node) bool {
				s, is := n.(*ast.SelectorExpr)
				if !is {
					return true
				}
				if of, is := s.X.(*ast.Ident); is && of.Name == "time" && slices.Contains(clock, s.Sel.Name) {
					t.Errorf("%s/%s reads the clock: time.%s", p.ImportPath, name, s.Sel.Name)
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
