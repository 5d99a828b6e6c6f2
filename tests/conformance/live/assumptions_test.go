package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const page, simulatorCode = "../../../docs/stripe-simulator.md", "../../../local/stripesim"

// The page for the simulator's users lists every comment that starts with
// "assumption:", word by word. The text before the file's name is the page's
// own.
func TestThePageListsEveryAssumption(t *testing.T) {
	inCode, onPage := assumed(t), listed(t)
	for _, a := range inCode {
		if !slices.Contains(onPage, a) {
			t.Errorf("%s lacks:\n- … (%s", page, a)
		}
	}
	for _, a := range onPage {
		if !slices.Contains(inCode, a) {
			t.Errorf("%s lists what no comment says any more:\n- … (%s", page, a)
		}
	}
	if len(inCode) < 10 || len(inCode) != len(onPage) {
		t.Errorf("%d in the code, %d on the page", len(inCode), len(onPage))
	}
}

// assumed are the comments, as "`file.go`): text".
func assumed(t *testing.T) []string {
	var out []string
	err := filepath.WalkDir(simulatorCode, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(simulatorCode, path)
		for _, c := range comment.FindAllString(string(text), -1) {
			c = strings.Join(strings.Fields(slashes.ReplaceAllString(c, " ")), " ")
			out = append(out, "`"+filepath.ToSlash(name)+"`): "+strings.TrimSpace(address.ReplaceAllString(strings.TrimPrefix(c, "assumption: "), "")))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	// a paragraph of a comment
	comment = regexp.MustCompile(`(?m)^\s*// assumption: .*\n(?:\s*// .*\n)*`)
	slashes = regexp.MustCompile(`(?m)^\s*// ?`)
	address = regexp.MustCompile(`\s*\(?https://\S+[^\s.)]\)?`)
	entry   = regexp.MustCompile("(?m)^- .*?\\((`[^`]+\\.go`\\): .*(?:\n  .*)*)")
)

func listed(t *testing.T) []string {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(text), "\n## Assumptions\n")
	var out []string
	for _, m := range entry.FindAllStringSubmatch(part, -1) {
		out = append(out, strings.Join(strings.Fields(m[1]), " "))
	}
	return out
}
