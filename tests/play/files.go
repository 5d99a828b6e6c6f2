package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A testFile is a _test.go file of the module, its path below the module's root.
type testFile struct {
	path    string
	tests   []test
	helpers string // the text outside of test functions
}

// A test is a test function.
type test struct {
	file string // as testFile.path
	line int
	name string
	text string // the function with its comments
}

// story says whether the test is a story: of the API, or of the dashboard.
func (t test) story() bool {
	return strings.HasPrefix(t.file, stories+"/") || strings.HasPrefix(t.file, pages+"/")
}

// testFiles reads the test files of the module in root, without building them.
// It skips folders with a module of their own, those of npm, and this one,
// whose tests name ids that they do not test.
func testFiles(root string) (all []testFile, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		if d.IsDir() {
			if path == filepath.Join(root, "tests", "play") {
				return filepath.SkipDir
			}
			_, module := os.Stat(filepath.Join(path, "go.mod"))
			if module == nil || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := testFileOf(root, path)
		all = append(all, f)
		return err
	})
	return all, err
}

func testFileOf(root, path string) (f testFile, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return f, err
	}
	below, err := filepath.Rel(root, path)
	if err != nil {
		return f, err
	}
	f.path = filepath.ToSlash(below)
	at := 0 // where the text continues after the last test
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Test") || fn.Name.Name == "TestMain" {
			continue
		}
		from, to := set.Position(fn.Pos()).Offset, set.Position(fn.End()).Offset
		if fn.Doc != nil {
			from = set.Position(fn.Doc.Pos()).Offset
		}
		f.tests = append(f.tests, test{file: f.path, line: set.Position(fn.Pos()).Line, name: fn.Name.Name, text: string(text[from:to])})
		f.helpers += string(text[at:from])
		at = to
	}
	f.helpers += string(text[at:])
	return f, nil
}
