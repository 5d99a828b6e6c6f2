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

// The tests read the code as text: what a function serves and which variables
// it reads is asked without building or running it.

var routeKey = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|ANY) /|^\$default$`)

// constructorOf returns what a function's main calls, as in api.Attach(…).
func constructorOf(t *testing.T, folder string) (constructor string) {
	t.Helper()
	p, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range parse(t, p.path("functions", folder)) {
		for name := range selectors(file, "api") {
			constructor = name
		}
	}
	if constructor == "" {
		t.Errorf("functions/%s/main.go calls nothing of package api: it should be lambda.Start(api.…)", folder)
	}
	return constructor
}

// codeRoutes returns that constructor, and the routes written in it.
func codeRoutes(t *testing.T, p *project, folder string) (constructor string, routes []string) {
	t.Helper()
	constructor = constructorOf(t, folder)
	for _, file := range parse(t, p.path("shared", "api")) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == constructor {
				routes = append(routes, texts(f, routeKey)...)
			}
		}
	}
	return constructor, routes
}

// parse returns the Go files of one folder, tests left out.
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
