package wiring

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var mapped = regexp.MustCompile("(?m)^\\| `([a-z/-]+)` \\|")

// tests/README.md is the map of tests/: a line for each folder with a suite, a
// command or helpers of its own.
func TestEveryFolderOfTestsIsOnTheMap(t *testing.T) {
	p := load(t)
	text, err := os.ReadFile(p.path("tests", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var onMap, folders []string
	for _, m := range mapped.FindAllStringSubmatch(string(text), -1) {
		onMap = append(onMap, m[1])
	}
	root := p.path("tests")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || path == root:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".test.js") && d.Name() != "__main__.py":
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		folders = append(folders, filepath.ToSlash(folder))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(folders)
	folders = slices.Compact(folders)
	parts := []string{"conformance/openapi/oracle", "conformance/openapi/seed"} // of the command above them
	for _, folder := range folders {
		if !slices.Contains(onMap, folder) && !slices.Contains(parts, folder) {
			t.Errorf("tests/README.md has no line for tests/%s", folder)
		}
	}
	for _, folder := range onMap {
		if !slices.Contains(folders, folder) {
			t.Errorf("tests/README.md has a line for tests/%s, which is not there", folder)
		}
	}
	if len(onMap) < 10 {
		t.Errorf("only %d folders are on the map: this test reads it wrongly", len(onMap))
	}
}
