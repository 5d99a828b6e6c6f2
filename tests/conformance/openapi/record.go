package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// record runs the suites: all Go tests, and the Node suites whose packages are
// installed.
func record(w io.Writer, root, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	suites := [][]string{{"go", "test", "-count=1", "-timeout=30m", "./..."}}
	for _, node := range []string{"tests/sdk", "tests/stripe-node"} {
		if _, err := os.Stat(filepath.Join(root, node, "node_modules")); err == nil {
			suites = append(suites, []string{"npm", "test", "--silent", "--prefix", node})
		} else {
			fmt.Fprintln(w, "== left out, as its packages are not installed:", node)
		}
	}
	var failed []string
	for _, suite := range suites {
		name := strings.Join(suite, " ")
		fmt.Fprintln(w, "==", name)
		cmd := exec.Command(suite[0], suite[1:]...)
		cmd.Dir, cmd.Stderr = root, os.Stderr
		cmd.Stdout = &quiet{w: w}
		cmd.Env = append(os.Environ(), "CONFORMANCE_RECORD="+dir)
		if err := cmd.Run(); err != nil {
			failed = append(failed, name)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, "; "))
	}
	return nil
}

// quiet keeps the relevant lines: results of Go packages with tests, failures,
// and the count of tests in a Node suite.
type quiet struct {
	w    io.Writer
	rest string // of a line that has not ended yet
	node bool   // by the first line
}

func (q *quiet) Write(p []byte) (int, error) {
	q.rest += string(p)
	for {
		line, rest, ended := strings.Cut(q.rest, "\n")
		if !ended {
			return len(p), nil
		}
		q.rest = rest
		q.node = q.node || strings.HasPrefix(line, "TAP version")
		if q.wants(line) {
			if _, err := fmt.Fprintln(q.w, line); err != nil {
				return 0, err
			}
		}
	}
}

func (q *quiet) wants(line string) bool {
	if !q.node {
		return !strings.Contains(line, "[no test files]")
	}
	word := strings.TrimSpace(line)
	return strings.HasPrefix(word, "not ok") || strings.HasPrefix(word, "error:") || strings.HasPrefix(line, "# pass") || strings.HasPrefix(line, "# fail")
}
