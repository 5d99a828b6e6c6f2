package main

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// selected runs the tests of a selection and prints each: pass or fail, its
// time, its place. Of a failed one it prints the output.
func selected(w io.Writer, root string, files []testFile, selection string, calls bool) error {
	found, id := find(files, selection)
	title := titleOf(id)
	if title != "" {
		fmt.Fprintf(w, "%s  %s\n", id, title)
	}
	switch {
	case len(found) == 0 && title != "":
		return fmt.Errorf("%s has no test yet", id)
	case len(found) == 0:
		return fmt.Errorf("no story is called %q; `make scenarios` lists the ids", selection)
	}
	passed := 0
	for _, folder := range foldersOf(found) {
		n, err := runFolder(w, root, folder, found, calls)
		if err != nil {
			return err
		}
		passed += n
	}
	fmt.Fprintf(w, "\n%d pass, %d fail\n", passed, len(found)-passed)
	if passed < len(found) {
		return errFailed
	}
	return nil
}

// titleOf is the title of an id in the lists, "" if they do not have it.
func titleOf(id string) string {
	for line := range strings.Lines(scenarios + invariants) {
		if listed, title, _ := strings.Cut(strings.TrimSpace(line), "\t"); listed == id {
			return title
		}
	}
	return ""
}

// foldersOf returns the folders of tests, each once.
func foldersOf(found []test) (folders []string) {
	for _, t := range found {
		folders = append(folders, path.Dir(t.file))
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// runFolder runs the tests of one folder, and returns how many of them passed.
func runFolder(w io.Writer, root, folder string, found []test, calls bool) (passed int, err error) {
	var names, variables []string
	for _, t := range found {
		if path.Dir(t.file) == folder {
			names = append(names, t.name)
		}
	}
	dir := ""
	if calls {
		if dir, err = os.MkdirTemp("", "calls-"); err != nil {
			return 0, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		variables = []string{"WINDFALL_EXCHANGES=" + dir} // package world writes a file per test
	}
	results, err := run(root, variables, "-count=1", "-run", "^("+strings.Join(names, "|")+")$", "./"+folder)
	if err != nil {
		return 0, err
	}
	for _, t := range found {
		if path.Dir(t.file) != folder {
			continue
		}
		r := results[t.name]
		if r == nil {
			r = &result{}
		}
		if r.state == "pass" {
			passed++
			fmt.Fprintf(w, "pass  %s  %.2fs  %s:%d\n", t.name, r.seconds, t.file, t.line)
		} else {
			fmt.Fprintf(w, "fail  %s  %.2fs  %s:%d\n%s", t.name, r.seconds, t.file, t.line, r.output)
		}
		if err := printCalls(w, dir, t.name); err != nil {
			return passed, err
		}
	}
	return passed, nil
}

// printCalls prints the exchanges of a test and its subtests: a file each,
// named after the test, in which a line is "METHOD path request -> status type
// answer".
func printCalls(w io.Writer, dir, name string) error {
	if dir == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(dir, name+"*"))
	if err != nil {
		return err
	}
	slices.Sort(files)
	for _, file := range files {
		base := filepath.Base(file)
		if base != name && !strings.HasPrefix(base, name+"~") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n  %s\n", strings.ReplaceAll(base, "~", "/"))
		for line := range strings.Lines(string(text)) {
			call, answer, _ := strings.Cut(strings.TrimSpace(line), " -> ")
			fmt.Fprintf(w, "    %s\n      %s\n", call, strings.TrimSuffix(answer, `\n`))
		}
	}
	return nil
}
