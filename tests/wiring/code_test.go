package wiring

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The tests read the code as text: the routes of a function and its variables,
// without building or running it.

var routeKey = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|ANY) /|^\$default$`)

// serving are the packages whose constructors the mains call, and those of the
// same names that list the routes in each dialect.
var serving = map[string]string{"api": "shared/api", "endpoints": "shared/api/endpoints", "v1": "shared/api/v1", "v2": "shared/api/v2", "dashboard": "shared/dashboard"}

// constructorOf returns the constructor that a main calls, as in v1.Attach(…).
func constructorOf(t *testing.T, folder string) (constructor string) {
	t.Helper()
	p, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range parse(t, p.path("functions", folder)) {
		for pkg := range serving {
			for name := range selectors(file, pkg) {
				constructor = name
			}
		}
	}
	if constructor == "" {
		t.Errorf("functions/%s/main.go calls neither package api, nor endpoints, nor dashboard: it should be lambda.Start(endpoints.…)", folder)
	}
	return constructor
}

// codeRoutes returns that constructor, and the routes written in it.
func codeRoutes(t *testing.T, p *project, folder string) (constructor string, routes []string) {
	t.Helper()
	constructor = constructorOf(t, folder)
	for _, dir := range serving {
		for _, file := range parse(t, p.path(dir)) {
			for _, d := range file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if ok && f.Recv == nil && f.Name.Name == constructor {
					routes = append(routes, texts(f, routeKey)...)
				}
			}
		}
	}
	return constructor, routes
}

// parse returns the Go files of one folder, without tests.
func parse(t *testing.T, dir string) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		t.Fatalf("no Go files in %s", filepath.Base(dir))
	}
	return files
}

// texts returns the string literals below a node that match.
func texts(n ast.Node, like *regexp.Regexp) (found []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && like.MatchString(s) {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}

// selectors returns the names X in pkg.X below a node.
func selectors(n ast.Node, pkg string) map[string]bool {
	found := map[string]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := s.X.(*ast.Ident); ok && of.Name == pkg {
				found[s.Sel.Name] = true
			}
		}
		return true
	})
	return found
}
