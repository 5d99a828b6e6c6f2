// Package built runs the go command for tests as `make` runs it for Lambda. Go
// keeps each compiled package for such flags only, so a test with flags of its
// own would compile the standard library and every dependency again.
package built

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"windfall/local/template"
)

// Go returns a go command in the test's folder. It fails to start where make
// does not tell its flags.
func Go(args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	flags, err := lambdaFlags()
	if err != nil {
		cmd.Err = fmt.Errorf("make goflags: %w", err)
	}
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS="+flags)
	return cmd
}

var lambdaFlags = sync.OnceValues(func() (string, error) {
	root, err := template.Find()
	if err != nil {
		return "", err
	}
	list := exec.Command("make", "-s", "--no-print-directory", "goflags")
	list.Dir = filepath.Dir(root)
	out, err := list.Output()
	return strings.TrimSpace(string(out)), err
})
