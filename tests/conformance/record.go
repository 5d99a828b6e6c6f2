package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// record runs the suites: all Go tests, and those in Node of which the packages
// are installed.
func record(w io.Writer, root, dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	suites := [][]string{{"go", "test", "-count=1", "./..."}}
	for _, node := range []string{"tests/sdk", "tests/stripe-node"} {
		if _, err := os.Stat(filepath.Join(root, node, "node_modules")); err == nil {
			suites = append(suites, []string{"npm", "test", "--silent", "--prefix", node})
		}
	}
	var failed []string
	for _, suite := range suites {
		name := strings.Join(suite, " ")
		fmt.Fprintln(w, "==", name)
		cmd := exec.Command(suite[0], suite[1:]...)
		cmd.Dir, cmd.Stderr = root, os.Stderr
		cmd.Stdout = quiet{w}
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

// quiet leaves out the packages without tests.
type quiet struct{ io.Writer }

func (q quiet) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if !strings.Contains(line, "[no test files]") {
			if _, err := io.WriteString(q.Writer, line); err != nil {
				return 0, err
			}
		}
	}
	return len(p), nil
}
