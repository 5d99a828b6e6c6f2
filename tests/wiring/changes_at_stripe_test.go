package wiring

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var storyName = regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")

// Every row about a change at Stripe names a story that is there.
func TestEachChangeAtStripeHasItsStory(t *testing.T) {
	p := load(t)
	text, err := os.ReadFile(p.path("docs", "changes-at-stripe.md"))
	if err != nil {
		t.Fatal(err)
	}
	stories := map[string]bool{}
	for _, name := range testsOf(t, p.path("tests", "stories")) {
		stories[name] = true
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|-") || strings.TrimSpace(cells[0]) == "part" {
			continue
		}
		rows++
		named := storyName.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 3 || len(named) == 0 {
			t.Errorf("the row %q names no story", line)
		}
		for _, m := range named {
			if !stories[m[1]] {
				t.Errorf("the row %q names %s, which is not in tests/stories", cells[0], m[1])
			}
		}
	}
	if rows < 15 {
		t.Errorf("%d rows: this test reads the page wrongly", rows)
	}
}

// testsOf lists the tests of a folder and of those in it.
func testsOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(fn.Name.Name, "Test") {
				names = append(names, fn.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
