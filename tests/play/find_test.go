package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func names(files []testFile, selection string) (out []string) {
	found, _ := find(files, selection)
	for _, t := range found {
		out = append(out, t.name)
	}
	return out
}

func TestWhatASelectionFinds(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for path, text := range map[string]string{
		"tests/stories/attach/a_test.go": "package attach\n\n// Not I-140, and not UPG-03.\nfunc TestUPG02HalfPeriod(t *testing.T) {}\n\n" +
			"func TestUPG02DeclinedOverage(t *testing.T) {}\n\nfunc TestUPG021(t *testing.T) {}\n\nfunc TestOverageIsExact(t *testing.T) {}\n\nfunc helper() {}\n",
		"tests/walk/rules_test.go":         "package walk\n\nfunc rule() { _ = \"I-2\" }\n",
		"shared/b/b_test.go":               "package b\n\nfunc helper() { _ = \"I-17\" }\n\nfunc TestOne(t *testing.T) {}\n",
		"shared/b/c_test.go":               "package b\n\nfunc TestOther(t *testing.T) {}\n",
		"tests/walk/a_test.go":             "package walk\n\n// TestWalk holds I-14.\nfunc TestWalk(t *testing.T) {}\n\nfunc TestWalkMore(t *testing.T) {}\n",
		"shared/a/a_test.go":               "package a\n\nfunc TestOverageInside(t *testing.T) {\n\t// I-16\n}\n\nfunc TestI09Once(t *testing.T) {}\n",
		"shared/a/a.go":                    "package a\n\nfunc TestUPG02(t *testing.T) {}\n",
		"tests/play/a_test.go":             "package main\n\nfunc TestPlay(t *testing.T) { _ = \"I-14\" }\n",
		"tests/other/go.mod":               "module other\n",
		"tests/other/a_test.go":            "package other\n\nfunc TestUPG02Other(t *testing.T) {}\n",
		"tests/sdk/node_modules/a_test.go": "no Go",
	} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(path)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := testFiles(root)
	if err != nil {
		t.Fatal(err)
	}
	upg02 := []string{"TestUPG02HalfPeriod", "TestUPG02DeclinedOverage"}
	for selection, want := range map[string][]string{
		"UPG-02": upg02, "upg-02": upg02, "UPG02": upg02, "UPG-021": {"TestUPG021"},
		"UPG-03": nil, "I-1": nil, "I-14": {"TestWalk"}, "i14": {"TestWalk"}, "I-16": {"TestOverageInside"}, "I-9": {"TestI09Once"}, "I-4": nil, "I-2": {"TestWalk", "TestWalkMore"}, "I-17": {"TestOne"},
		"Overage": {"TestUPG02DeclinedOverage", "TestOverageIsExact"}, "overage": {"TestUPG02DeclinedOverage", "TestOverageIsExact"},
		"TestOverageIsExact": {"TestOverageIsExact"}, "UPG": {"TestUPG02HalfPeriod", "TestUPG02DeclinedOverage", "TestUPG021"}, "Nothing": nil,
	} {
		if got := names(files, selection); !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", selection, got, want)
		}
	}
	if f, _ := find(files, "UPG-02"); f[0].file != "tests/stories/attach/a_test.go" || f[0].line != 4 {
		t.Errorf("%+v", f[0])
	}
}

// A comment of a test file is printed only with the invariant.
func TestEveryInvariantThatATestFileNamesIsListed(t *testing.T) {
	t.Parallel()
	files, err := testFiles(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	invariant := regexp.MustCompile(`\bI-\d+\b`)
	named := 0
	for _, f := range files {
		text := f.helpers
		for _, one := range f.tests {
			text += one.text
		}
		for _, id := range invariant.FindAllString(text, -1) {
			if named++; titleOf(id) == "" {
				t.Errorf("%s names %s, which invariants.txt does not list", f.path, id)
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d invariants are named", named)
	}
}

// A scenario's test is found by its id, so its id must be on the list.
func TestEveryScenarioThatIsToldIsListed(t *testing.T) {
	t.Parallel()
	files, err := testFiles(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, f := range files {
		for _, s := range f.tests {
			if id := scenarioOf(s.name); id != "" && s.story() {
				if told[id] = true; titleOf(id) == "" {
					t.Errorf("%s: scenarios.txt does not list %s", f.path, id)
				}
			}
		}
	}
	if len(told) < 100 {
		t.Errorf("only %d scenarios have a test", len(told))
	}
	for line := range strings.Lines(scenarios) {
		if id, title, _ := strings.Cut(line, "\t"); title != "" && !told[id] {
			t.Errorf("%s is on the list, and no test has its id", id)
		}
	}
}

// Results and docs name a story without its package.
func TestEveryStoryHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	files, err := testFiles(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, f := range files {
		for _, s := range f.tests {
			if other := told[s.name]; s.story() && other != "" {
				t.Errorf("%s is in %s and in %s", s.name, other, f.path)
			} else if s.story() {
				told[s.name] = f.path
			}
		}
	}
	if len(told) < 100 {
		t.Errorf("only %d stories", len(told))
	}
}
