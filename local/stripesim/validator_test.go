package stripesim_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// With CONFORMANCE=1 each exchange and event of a test passes through the
// validator, and the test fails at the first that differs. A stand-in for the
// go command plays the validator here.
func TestConformanceSwitch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer string
		fails  string
	}{
		"all is well":       {"ok", ""},
		"something differs": {"POST /v1/customers name: no such field", "conformance: POST /v1/customers name: no such field"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			script := "#!/bin/sh\necho \"$PWD $*\" >" + dir + "/called\nwhile read -r line; do echo \"$line\" >>" + dir + "/heard; echo '" + c.answer + "'; done\n"
			if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestIdempotency$")
			cmd.Env = append(os.Environ(), "CONFORMANCE=1", "CONFORMANCE_RECORD=", "PATH="+dir+":"+os.Getenv("PATH"))
			out, err := cmd.CombinedOutput()
			if (err != nil) != (c.fails != "") || !strings.Contains(string(out), c.fails) {
				t.Errorf("%v\n%s", err, out)
			}
			if called, _ := os.ReadFile(filepath.Join(dir, "called")); !strings.HasSuffix(strings.TrimSpace(string(called)), "/tests/conformance/openapi run . -stream") {
				t.Errorf("called %s", called)
			}
			heard, _ := os.ReadFile(filepath.Join(dir, "heard"))
			exchanges, events := strings.Count(string(heard), `{"method":`), strings.Count(string(heard), `{"event":`)
			if c.fails == "" && (exchanges < 4 || events == 0) || c.fails != "" && exchanges+events != 1 {
				t.Errorf("%d exchanges and %d events were heard", exchanges, events)
			}
		})
	}
}
