package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/tests/built"
)

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "windfall")
	out, err := built.Go("build", "-o", path, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return path, err
})

var folder string // of the binary

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "windfall-local-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder) // the system's temporary folder forgets it, too
	os.Exit(code)
}

// A process is the program as users run it, outside the project.
type process struct {
	*exec.Cmd
	base, said string
	log        *bytes.Buffer
	last       *bytes.Buffer // its output after the greeting; read it after the end
	ended      chan error
}

// start runs the program in an empty folder, with a home of its own and a limit
// for the size of its files, in blocks of 512 bytes.
func start(t *testing.T, limit, home string, args ...string) *process {
	t.Helper()
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"-c", "ulimit -f " + limit + " && exec \"$0\" \"$@\"", binary, "-addr", "127.0.0.1:0"}, args...)
	p := &process{Cmd: exec.Command("sh", args...), log: &bytes.Buffer{}, last: &bytes.Buffer{}, ended: make(chan error, 1)}
	p.Dir, p.Stderr = t.TempDir(), p.log
	// The exchanges of this program are not recorded: the limit is of the recording, too.
	p.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME=", "CONFORMANCE=", "CONFORMANCE_RECORD=")
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.said += lines.Text() + "\n"
		if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "API" {
			p.base = strings.TrimSuffix(fields[1], "/v1")
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			break
		}
	}
	go func() {
		for lines.Scan() {
			fmt.Fprintln(p.last, lines.Text())
		}
		p.ended <- p.Wait()
	}()
	if p.base == "" {
		t.Fatalf("it did not start: %v\n%s%s", <-p.ended, p.said, p.log)
	}
	return p
}

func (p *process) call(method, path, body string) (int, string, error) {
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+stack.DefaultKey)
	if strings.HasPrefix(path, "/_stripe") {
		r.Header.Set("Authorization", "Bearer sk_test_sim")
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	return a.StatusCode, string(text), err
}

// The program needs nothing of the project, keeps its data where it says, and
// ends well and with one line on Ctrl-C, even if a browser holds a connection.
func TestTheProgramRunsAnywhereAndEndsQuietly(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := start(t, "unlimited", home, "-stripe-addr", "127.0.0.1:0")
	if status, text, err := p.call("GET", "/v1/products", ""); status != http.StatusOK || !strings.Contains(text, "premium") {
		t.Errorf("products: %d %s %v", status, text, err)
	}
	_, from, _ := strings.Cut(p.said, "the data is kept in ")
	data, _, _ := strings.Cut(from, " (-data")
	if _, err := os.Stat(filepath.Join(data, "stripe.jsonl")); err != nil || !strings.HasPrefix(data, home) {
		t.Errorf("it keeps its data in %q: %v", data, err)
	}
	for _, hint := range []string{"Open " + p.base + "/ in a browser", "am_pk_test_local", "new Autumn({ secretKey: 'am_sk_test_local', url: '" + p.base + "/v1' })", "serverURL: '" + p.base + "' })", "new Stripe('sk_test_sim', { host: '127.0.0.1', port: ", "/_stripe", "-H 'Content-Type: application/json'"} {
		if !strings.Contains(p.said, hint) {
			t.Errorf("it does not say %s:\n%s", hint, p.said)
		}
	}
	idle, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil || p.log.Len() > 0 {
		t.Errorf("it ended with %v\n%s", err, p.log)
	}
	if last := strings.TrimSpace(p.last.String()); last != "Stopped. The data is kept in "+data+"." {
		t.Errorf("its last words are %q", last)
	}
}

// Data in memory is lost, and the program says so, on either signal.
func TestTheLastWordsOfAProgramInMemory(t *testing.T) {
	t.Parallel()
	p := start(t, "unlimited", t.TempDir(), "-data", "")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil || p.log.Len() > 0 {
		t.Errorf("it ended with %v\n%s", err, p.log)
	}
	if last := strings.TrimSpace(p.last.String()); last != "Stopped. It was in memory only: nothing is kept." {
		t.Errorf("its last words are %q", last)
	}
}

// Files that can't grow refuse requests; whatever was answered with 200 is
// still there after the program is killed and restarted.
func TestAFileLimitLosesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := filepath.Join(home, "data")
	p := start(t, "400", home, "-data", data) // 200 KB
	var made, known []string                  // at Stripe; customers that the API created there
	refused := 0
	for i := 0; refused < 10 && i < 1000; i++ {
		id := fmt.Sprint("c", i)
		path, body := "/_stripe/v1/customers", "metadata[note]="+id+strings.Repeat("x", 400)
		if i%8 == 0 {
			path, body = "/v1/customers", fmt.Sprintf(`{"id":%q,"email":"%s@example.com","create_in_stripe":true}`, id, id)
		}
		status, text, err := p.call("POST", path, body)
		var customer struct{ ID string }
		switch _ = json.Unmarshal([]byte(text), &customer); {
		case err != nil:
			t.Fatalf("%v\n%s", err, p.log)
		case status >= 500:
			refused++
		case status != http.StatusOK:
			t.Fatalf("%d %s", status, text)
		case i%8 == 0:
			known = append(known, id)
		default:
			made = append(made, customer.ID)
		}
	}
	if refused == 0 || len(made) < 20 || len(known) < 3 {
		t.Fatalf("%d and %d customers, %d refused", len(made), len(known), refused)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err == nil {
		t.Error("it was not killed")
	}
	if !strings.Contains(p.log.String(), "file too large") {
		t.Errorf("the log does not say why:\n%s", p.log)
	}

	p = start(t, "unlimited", home, "-data", data)
	for _, id := range made {
		if status, text, err := p.call("GET", "/_stripe/v1/customers/"+id, ""); status != http.StatusOK {
			t.Errorf("%s: %d %s %v", id, status, text, err)
		}
	}
	for _, id := range known {
		status, text, err := p.call("GET", "/_local/customers/"+id+"/stripe", "")
		var at struct{ Customer struct{ Email string } }
		if err != nil || json.Unmarshal([]byte(text), &at) != nil || at.Customer.Email != id+"@example.com" {
			t.Errorf("%s: %d %s %v", id, status, text, err)
		}
	}
}

// A second program on the same folder, a damaged file and a folder that is a
// file end with one sentence: the place, and the way out. Nothing is changed.
func TestWhatCannotBeOpenedIsLeftAlone(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	data := filepath.Join(home, "data")
	p := start(t, "unlimited", home, "-data", data)
	try := func(what, at, want string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		out, err := exec.CommandContext(ctx, p.Args[3], "-addr", "127.0.0.1:0", "-data", at).CombinedOutput()
		if err == nil || !strings.Contains(string(out), at) || !strings.Contains(string(out), want) || strings.Count(string(out), "\n") > 1 {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	read := func() string {
		text, err := os.ReadFile(filepath.Join(data, "stripe.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := read()
	try("a second process", data, fmt.Sprint("process ", p.Process.Pid))
	if read() != before {
		t.Error("the second process changed the file")
	}
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-p.ended; err != nil {
		t.Error(err)
	}
	damaged := strings.Replace(read(), `"object":`, `"objekt":`, 1)
	if err := os.WriteFile(filepath.Join(data, "stripe.jsonl"), []byte(damaged), 0o600); err != nil {
		t.Fatal(err)
	}
	try("a damaged file", data, "line 2 is damaged")
	if read() != damaged {
		t.Error("the damaged file was changed")
	}
	try("a file in place of the folder", filepath.Join(data, "stripe.jsonl"), "name another one with -data")
}
