package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/tests/built"
)

func TestWithoutALocalStackOneSentenceSaysSo(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := listener.Addr().String() // nothing listens there once it is closed
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://"+free+"/_dynamodb")
	event := write(t, "event.json", `{}`)
	err = run([]string{"-function", "check", "-event", event}, &bytes.Buffer{}, t.Output())
	if err == nil || !strings.Contains(err.Error(), "nothing answers at "+free+": start the local stack with `make dev`") {
		t.Errorf("error = %v", err)
	}
}

func TestTheClockIsTheStacks(t *testing.T) {
	t.Parallel()
	answer := `{"now":1809129600000}`
	stack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_local/clock" {
			t.Errorf("asked for %s", r.URL)
		}
		_, _ = w.Write([]byte(answer))
	}))
	defer stack.Close()
	environment := []string{"AWS_ENDPOINT_URL_DYNAMODB=" + stack.URL + "/_dynamodb"}
	if now, err := stackClock(environment); err != nil || now.UnixMilli() != 1809129600000 {
		t.Errorf("clock = %s, %v", now, err)
	}
	answer = "another database"
	if now, err := stackClock(environment); err != nil || time.Since(now) > time.Hour {
		t.Errorf("clock without a local stack = %s, %v", now, err)
	}
}

func TestMistakesOnTheCommandLine(t *testing.T) {
	stack := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(stack.Close)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", stack.URL)
	event := write(t, "event.json", `{}`)
	tests := map[string]struct {
		args []string
		want string
	}{
		"nothing named":  {nil, "name a function and an event"},
		"no such folder": {[]string{"-function", "nobody", "-event", event}, `no function "nobody"`},
		"no such event":  {[]string{"-function", "check", "-event", "nowhere.json"}, "nowhere.json"},
		"no JSON":        {[]string{"-function", "check", "-event", write(t, "bad.json", "x")}, "bad.json: invalid character"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := run(tt.args, &bytes.Buffer{}, t.Output()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one with %q", err, tt.want)
			}
		})
	}
}

// One event goes through a real binary, with the variables of the caller.
func TestAnEventIsAnswered(t *testing.T) {
	stack := httptest.NewServer(http.NotFoundHandler())
	defer stack.Close()
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", stack.URL)
	dir := t.TempDir()
	build := built.Go("build", "-o", filepath.Join(dir, "check", "bootstrap"), "../gateway/testdata/lambda")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var out, log bytes.Buffer
	err := run([]string{"-function", "check", "-event", write(t, "event.json", `{"do":"print"}`), "-build", dir}, &out, &log)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Name string }
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil || answer.Name != "check" {
		t.Errorf("answer %s, %v", &out, err)
	}
	if got := log.String(); !strings.Contains(got, "a line of the log\n") || !strings.Contains(got, "init ") {
		t.Errorf("log = %q", got)
	}
}

func TestSampleEventsHappenNow(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)
	request, err := readEvent(write(t, "a.json", `{"requestContext":{"timeEpoch":1}}`), now)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"requestContext":{"time":"01/May/2027:00:00:00 +0000","timeEpoch":1809129600000}}`; string(request) != want {
		t.Errorf("request %s, want %s", request, want)
	}
	tick, err := readEvent(write(t, "b.json", `{"time":"2020-01-01T00:00:00Z"}`), now)
	if err != nil || string(tick) != `{"time":"2027-05-01T00:00:00Z"}` {
		t.Errorf("schedule %s, %v", tick, err)
	}
}

func TestVariablesOfTheCallerWin(t *testing.T) {
	t.Parallel()
	got := variables(func(name string) (string, bool) { return "mine", name == "STRIPE_API_BASE" })
	if !slices.Contains(got, "STRIPE_API_BASE=mine") || !slices.Contains(got, "TABLE_NAME=windfall") {
		t.Errorf("variables = %q", got)
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
