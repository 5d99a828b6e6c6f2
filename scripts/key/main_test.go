package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"windfall/tests/world"
)

// An operator has a stack called shop, and the AWS command line.
type operator struct {
	*world.World
	aws string
}

func newOperator(t *testing.T) operator {
	t.Helper()
	t.Parallel()
	w := world.New(t)
	server := httptest.NewServer(w.Stack.DB)
	t.Cleanup(server.Close)
	o := operator{w, filepath.Join(t.TempDir(), "aws")}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, o.aws)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.write("address", server.URL)
	o.write("table", w.Stack.Template.Table.Name)
	return o
}

func (o operator) write(name, text string) {
	o.Helper()
	if err := os.WriteFile(filepath.Join(filepath.Dir(o.aws), name), []byte(text), 0o600); err != nil {
		o.Fatal(err)
	}
}

func (o operator) key(args ...string) (out, notes string, err error) {
	o.Helper()
	var said, noted strings.Builder
	err = run(o.Context(), o.aws, append([]string{"-stack", "shop"}, args...), &said, &noted)
	return said.String(), noted.String(), err
}

// does runs the command, which must succeed.
func (o operator) does(args ...string) (out, notes string) {
	o.Helper()
	out, notes, err := o.key(args...)
	if err != nil {
		o.Fatalf("key %q: %v", args, err)
	}
	return strings.TrimSpace(out), notes
}

// fails runs the command, which must fail with these words and without a
// secret.
func (o operator) fails(words []string, args ...string) {
	o.Helper()
	out, _, err := o.key(args...)
	if err == nil {
		o.Fatalf("key %q succeeded", args)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			o.Errorf("key %q says %q, without %q", args, err, word)
		}
	}
	if secret := wholeKey.FindString(strings.TrimSpace(out)); secret != "" || secretIn.MatchString(err.Error()) {
		o.Errorf("key %q shows a key: %q %q", args, out, err)
	}
}

// opens calls the API, after every function lost its cache.
func (o operator) opens(key string, want int) {
	o.Helper()
	if err := o.Stack.Restart(); err != nil {
		o.Fatal(err)
	}
	if got := o.Do(key, "GET", "/v1/products", nil).Status; got != want {
		o.Errorf("%s answers %d, want %d", key, got, want)
	}
}
