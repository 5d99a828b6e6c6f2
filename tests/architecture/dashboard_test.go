package architecture

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const dashboardFolder = "../../shared/dashboard"

// The dashboard decides nothing: of the rules it uses the types, and calls no function that decides.
func TestTheDashboardHoldsNoRule(t *testing.T) {
	t.Parallel()
	rules := functionsOf(t, "../../shared/billing")
	if len(rules) < 50 {
		t.Fatalf("only %d functions of billing were read", len(rules))
	}
	for path, file := range goFiles(t, dashboardFolder) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "billing" && slices.Contains(rules, s.Sel.Name) {
					t.Errorf("%s calls billing.%s: what is decided is a command of package app", path, s.Sel.Name)
				}
			}
			return true
		})
	}
}

// html/template and text/template keep every method of the program, which makes it 5 MB larger; templ's components do not.
func TestTheDashboardUsesNoTemplatesOfTheLibrary(t *testing.T) {
	t.Parallel()
	for path, file := range goFiles(t, dashboardFolder) {
		for _, i := range file.Imports {
			if strings.HasSuffix(i.Path.Value, `/template"`) {
				t.Errorf("%s imports %s", path, i.Path.Value)
			}
		}
	}
}

// Each template has its generated file, and no text goes to a page as it is: the one way to do so is templ.Raw.
func TestTemplatesAreEscaped(t *testing.T) {
	t.Parallel()
	templates := 0
	err := filepath.WalkDir(dashboardFolder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		templates++
		source, err := os.Stat(strings.TrimSuffix(path, ".templ") + "_templ.go")
		if err != nil || source.Size() == 0 {
			t.Errorf("%s has no generated file: go tool templ generate -path shared/dashboard", path)
		}
		return nil
	})
	if err != nil || templates < 5 {
		t.Errorf("%d templates were found: %v", templates, err)
	}
	for path, file := range goFiles(t, dashboardFolder) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Raw", "FromGoHTML", "JSExpression", "SafeScript", "SafeCSS"}, s.Sel.Name) {
				t.Errorf("%s uses templ.%s, which escapes nothing", path, s.Sel.Name)
			}
			return true
		})
	}
}

// What is committed is what the templates make: go tool templ generate -path shared/dashboard.
func TestGeneratedPagesAreThoseOfTheTemplates(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(dashboardFolder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		made, err := exec.CommandContext(t.Context(), "go", "tool", "templ", "generate", "-stdout", "-f", path).Output()
		if err != nil {
			return err
		}
		committed, err := os.ReadFile(strings.TrimSuffix(path, ".templ") + "_templ.go")
		if err == nil && !bytes.Equal(withoutPaths(made), withoutPaths(committed)) {
			t.Errorf("%s has changed since its Go was made: go tool templ generate -path shared/dashboard", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fileName is how templates are named in errors, by the path that the generator was given.
var fileName = regexp.MustCompile("FileName: `[^`]*`")

func withoutPaths(text []byte) []byte { return fileName.ReplaceAll(text, nil) }

func goFiles(t *testing.T, root string) map[string]*ast.File {
	t.Helper()
	files := map[string]*ast.File{}
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files in %s: %v", len(files), root, err)
	}
	return files
}

// functionsOf are the exported functions of a package, without methods.
func functionsOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	for _, file := range goFiles(t, folder) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}
