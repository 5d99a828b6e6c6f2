package recorder

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// validator is tests/conformance/openapi as a child process, because Stripe's OpenAPI
// document and what reads it are no part of this module. It answers each
// recorded line with one of its own: "ok", or what differs.
type validator struct {
	in  io.Writer
	out *bufio.Reader
}

// findings is what differs from Stripe's document in one exchange or event.
type findings struct{ line, text string }

func (f *findings) Error() string {
	return "conformance: " + f.text + "\n\tin " + f.line
}

// startValidator needs to run somewhere below the repository's root. The child
// ends with its input, which is with this process.
func startValidator() (*validator, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	here := func() bool {
		_, err := os.Stat(filepath.Join(root, "tests/conformance/openapi/go.mod"))
		return err == nil
	}
	for !here() {
		if root == filepath.Dir(root) {
			return nil, errors.New("no folder above this one has tests/conformance/openapi")
		}
		root = filepath.Dir(root)
	}
	cmd := exec.Command("go", "run", ".", "-stream")
	cmd.Dir, cmd.Stderr = filepath.Join(root, "tests/conformance/openapi"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &validator{in, bufio.NewReader(out)}, cmd.Start()
}

// Write takes one line and waits for the verdict on it.
func (v *validator) Write(line []byte) (int, error) {
	if _, err := v.in.Write(line); err != nil {
		return 0, err
	}
	text, err := v.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if text = strings.TrimSpace(text); text != "ok" {
		return 0, &findings{strings.TrimSpace(string(line)), text}
	}
	return len(line), nil
}
