package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"windfall/local/template"
	"windfall/tests/built"
)

var buildOnce sync.Once
var buildDir string
var buildErr error

// TestMain removes what testBinary built.
func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// binaries returns a folder with the binary of testdata/lambda as function thing.
func binaries(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		if buildDir, buildErr = os.MkdirTemp("", "gateway"); buildErr != nil {
			return
		}
		cmd := built.Go("build", "-o", filepath.Join(buildDir, "thing", "bootstrap"), "./testdata/lambda")
		if out, err := cmd.CombinedOutput(); err != nil {
			buildErr = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return buildDir
}

// run starts the back end with this time-out for function thing.
func run(t *testing.T, timeout time.Duration, o BootstrapOptions, env ...string) *Processes {
	t.Helper()
	if o.Log == nil {
		o.Log = t.Output()
	}
	tmpl := &template.Template{Functions: []template.Function{{Folder: "thing", LogicalID: "ThingFunction", Timeout: timeout, Memory: 128}}}
	p, err := Bootstrap(binaries(t), tmpl, func(string) []string { return env }, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

type told struct {
	PID       int
	Color     string
	Name      string
	Remaining int64
}

func tell(t *testing.T, p *Processes, order string) (answer told, err error) {
	t.Helper()
	out, err := p.Invoke(t.Context(), "thing", []byte(order))
	if err == nil {
		err = json.Unmarshal(out, &answer)
	}
	return answer, err
}

func TestBootstrapReusesAProcess(t *testing.T) {
	t.Parallel()
	p := run(t, time.Minute, BootstrapOptions{}, "COLOR=blue")
	first, err := tell(t, p, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	second, err := tell(t, p, `{}`)
	if err != nil {
		t.Fatal(err)
	}
	if first.PID != second.PID || first.PID == os.Getpid() {
		t.Errorf("processes %d and %d, want one other than the test", first.PID, second.PID)
	}
	if first.Color != "blue" || first.Name != "thing" || first.Remaining <= 0 || first.Remaining > 60_000 {
		t.Errorf("environment = %+v", first)
	}
	s := p.Stats()["thing"]
	if s.Invocations != 2 || s.Errors != 0 || len(s.Inits) != 1 || s.Inits[0] <= 0 || s.BinaryBytes < 1<<20 {
		t.Errorf("stats = %+v", s)
	}
}

func TestBootstrapRunsRequestsAtTheSameTime(t *testing.T) {
	t.Parallel()
	const callers = 4
	p := run(t, time.Minute, BootstrapOptions{MaxConcurrency: callers})
	var inside sync.WaitGroup
	inside.Add(callers)
	meeting := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		inside.Done()
		inside.Wait() // passes only when all callers are inside at once
	}))
	defer meeting.Close()

	var wg sync.WaitGroup
	var mu sync.Mutex
	pids := map[int]bool{}
	for range callers {
		wg.Go(func() {
			answer, err := tell(t, p, `{"url":"`+meeting.URL+`"}`)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			pids[answer.PID] = true
		})
	}
	wg.Wait()
	if len(pids) != callers {
		t.Errorf("%d processes for %d requests at once", len(pids), callers)
	}
}

func TestBootstrapThrottles(t *testing.T) {
	t.Parallel()
	p := run(t, time.Minute, BootstrapOptions{MaxConcurrency: 1})
	arrived, release := make(chan struct{}), make(chan struct{})
	meeting := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-release
	}))
	defer meeting.Close()
	done := make(chan error, 1)
	go func() {
		_, err := p.Invoke(t.Context(), "thing", []byte(`{"url":"`+meeting.URL+`"}`))
		done <- err
	}()
	<-arrived
	if _, err := tell(t, p, `{}`); !errors.Is(err, ErrThrottled) {
		t.Errorf("error = %v, want ErrThrottled", err)
	}
	close(release)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if s := p.Stats()["thing"]; s.Throttles != 1 || s.Invocations != 1 {
		t.Errorf("stats = %+v", s)
	}
}

func TestBootstrapSurvivesFailures(t *testing.T) {
	t.Parallel()
	p := run(t, time.Minute, BootstrapOptions{})
	tests := []struct{ order, kind, message string }{
		{`{"do":"fail"}`, "errorString", "as told"},
		{`{"do":"panic"}`, "string", "as told"},
		{`{"do":"exit"}`, "Runtime.ExitError", "exit status 7"},
		{`not JSON`, "SyntaxError", "invalid character"},
	}
	for _, tt := range tests {
		_, err := tell(t, p, tt.order)
		var failed *FunctionError
		if !errors.As(err, &failed) || failed.Type != tt.kind || !strings.Contains(failed.Message, tt.message) {
			t.Errorf("%s: error %v, want %s with %q", tt.order, err, tt.kind, tt.message)
		}
		if _, err := tell(t, p, `{}`); err != nil {
			t.Errorf("the request after %s: %v", tt.order, err)
		}
	}
	if s := p.Stats()["thing"]; s.Errors != len(tests) || s.Invocations != 2*len(tests) {
		t.Errorf("stats = %+v", s)
	}
}

func TestBootstrapKillsWhatRunsOutOfTime(t *testing.T) {
	t.Parallel()
	p := run(t, 300*time.Millisecond, BootstrapOptions{})
	if _, err := tell(t, p, `{"do":"hang"}`); !errors.Is(err, ErrTimeout) {
		t.Errorf("error = %v, want ErrTimeout", err)
	}
	if s := p.Stats()["thing"]; s.Errors != 1 {
		t.Errorf("stats = %+v", s)
	}
}

func TestBootstrapProcessesThatDoNotStart(t *testing.T) {
	t.Parallel()
	var failed *FunctionError
	if _, err := tell(t, run(t, time.Minute, BootstrapOptions{}, "AT_START=exit"), `{}`); !errors.As(err, &failed) || !strings.Contains(failed.Message, "exit status 3") {
		t.Errorf("a process that ends: %v", err)
	}
	hanging := run(t, time.Minute, BootstrapOptions{InitAllowance: 200 * time.Millisecond}, "AT_START=hang")
	if _, err := tell(t, hanging, `{}`); !errors.Is(err, ErrTimeout) {
		t.Errorf("a process that hangs: %v", err)
	}
}

func TestBootstrapCloseEndsEveryProcess(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := run(t, time.Minute, BootstrapOptions{Log: &log})
	answer, err := tell(t, p, `{"do":"print"}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(answer.PID, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d after Close: %v", answer.PID, err)
	}
	if got := log.String(); got != "a line of the log\n" { // complete, as the process has ended
		t.Errorf("log = %q", got)
	}
	if _, err := tell(t, p, `{}`); err == nil {
		t.Error("a request after Close was answered")
	}
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestBootstrapNamesAMissingBinary(t *testing.T) {
	t.Parallel()
	tmpl := &template.Template{Functions: []template.Function{{Folder: "attach", LogicalID: "AttachFunction"}}}
	_, err := Bootstrap("nowhere", tmpl, func(string) []string { return nil }, BootstrapOptions{})
	if err == nil || !strings.Contains(err.Error(), "no binary for function \"attach\" in nowhere: run `make binaries` first") {
		t.Errorf("error = %v", err)
	}
}
