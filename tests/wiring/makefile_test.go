package wiring

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	madeTarget = regexp.MustCompile(`(?m)^([a-z][a-z-]*):(.*)$`)
	ranProgram = regexp.MustCompile(`(?m)^\tgo (?:run|test) \./([a-z/-]+[a-z])`)
	ranScript  = regexp.MustCompile(`(?m)^\t(scripts/[a-z-]+)`)
)

// `make` alone lists all commands, so every target is on it.
func TestEveryMakeTargetSaysWhatItDoes(t *testing.T) {
	p := load(t)
	for _, m := range madeTarget.FindAllStringSubmatch(p.makefile, -1) {
		if !strings.Contains(m[2], "## ") {
			t.Errorf("Makefile: %s needs a line for the list: %s: ## what it does", m[1], m[1])
		}
		if !regexp.MustCompile(`(?s)\.PHONY:.*\b` + m[1] + `\b.*?\n\n`).MatchString(p.makefile) {
			t.Errorf("Makefile: add %s to .PHONY", m[1])
		}
	}
}

func TestEveryMakeTargetHasItsProgram(t *testing.T) {
	p := load(t)
	for _, like := range []*regexp.Regexp{ranProgram, ranScript} {
		found := like.FindAllStringSubmatch(p.makefile, -1)
		if len(found) == 0 {
			t.Errorf("Makefile: nothing matches %s any more", like)
		}
		for _, m := range found {
			if _, err := os.Stat(p.path(strings.Split(m[1], "/")...)); err != nil {
				t.Errorf("Makefile runs %s, which is not there: add it, or remove the target", m[1])
			}
		}
	}
}
