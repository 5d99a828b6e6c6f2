package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// Each write calls the method of its name, and app.Tables has it: that the rows have them all
// is then for the compiler.
func TestEveryWriteHasItsMethod(t *testing.T) {
	t.Parallel()
	calls := regexp.MustCompile(`(?m)^func \(w (\w+)\) To\(t Table\) +\{\s+t\.\(interface\{ (\w+)\((\w+)\) \}\)\.(\w+)\(w\)\s+\}$`)
	declared := regexp.MustCompile(`(?m)^func \(w (\w+)\) To\(t Table\)`)
	methods := regexp.MustCompile(`(?m)^\t(\w+)\((\w+)\)$`)
	files, err := filepath.Glob("../../shared/app/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var writes, taken []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range calls.FindAllSubmatch(text, -1) {
			for _, name := range m[2:] {
				if string(name) != string(m[1]) {
					t.Errorf("%s: the write %s calls %s", file, m[1], name)
				}
			}
		}
		if all, right := len(declared.FindAll(text, -1)), len(calls.FindAll(text, -1)); all != right {
			t.Errorf("%s: %d of %d writes call their method as the others do", file, right, all)
		}
		for _, m := range declared.FindAllSubmatch(text, -1) {
			writes = append(writes, string(m[1]))
		}
		for _, m := range methods.FindAllSubmatch(text, -1) {
			if string(m[1]) == string(m[2]) {
				taken = append(taken, string(m[1]))
			}
		}
	}
	slices.Sort(writes)
	slices.Sort(taken)
	if len(writes) < 50 || !slices.Equal(writes, taken) {
		t.Errorf("the writes are\n%q, and app.Tables takes\n%q", writes, taken)
	}
}
