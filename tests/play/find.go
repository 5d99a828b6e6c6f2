package main

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// stories is the folder of the packages of stories, and pages that of the dashboard's.
const (
	stories = "tests/stories"
	pages   = "tests/dashboard"
)

var (
	scenarioName = regexp.MustCompile(`^Test([A-Z]{3,4})(\d{2,3})(?:\D|$)`)
	scenarioID   = regexp.MustCompile(`^([A-Z]{3,4})-?(\d{2,3})$`)
	invariantID  = regexp.MustCompile(`^I-?0?(\d{1,2})$`)
)

// scenarioOf is the scenario of a test: ATT-02 for TestATT02….
func scenarioOf(name string) string {
	if m := scenarioName.FindStringSubmatch(name); m != nil {
		return m[1] + "-" + m[2]
	}
	return ""
}

// find returns the tests of a selection, and its id, if it is one. A scenario
// is found by the names of tests; any word that is not an id selects the
// stories with it in their name.
func find(files []testFile, selection string) (found []test, id string) {
	upper := strings.ToUpper(selection)
	if m := invariantID.FindStringSubmatch(upper); m != nil {
		id = "I-" + m[1]
		return holding(files, id), id
	}
	word := strings.ToLower(strings.TrimPrefix(selection, "Test"))
	is := func(t test) bool {
		return t.story() && strings.Contains(strings.ToLower(t.name), word)
	}
	if m := scenarioID.FindStringSubmatch(upper); m != nil {
		id = m[1] + "-" + m[2]
		is = func(t test) bool { return scenarioOf(t.name) == id }
	}
	for _, f := range files {
		for _, t := range f.tests {
			if is(t) {
				found = append(found, t)
			}
		}
	}
	return found, id
}

// holding returns the tests of an invariant: those called TestI14…, those that
// name I-14 in their code or comments, and if a helper names it, the tests of
// the helper's file. If a file without tests names it, the tests of its folder.
func holding(files []testFile, id string) (found []test) {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "I-")) // as invariantID has it
	called := regexp.MustCompile(`^TestI0?` + strconv.Itoa(n) + `(?:\D|$)`)
	names := regexp.MustCompile(`\b` + id + `\b`)
	folders := map[string]bool{}
	for _, f := range files {
		folders[path.Dir(f.path)] = folders[path.Dir(f.path)] || len(f.tests) == 0 && names.MatchString(f.helpers)
	}
	for _, f := range files {
		all := folders[path.Dir(f.path)] || names.MatchString(f.helpers)
		for _, t := range f.tests {
			if all || called.MatchString(t.name) || names.MatchString(t.text) {
				found = append(found, t)
			}
		}
	}
	return found
}
