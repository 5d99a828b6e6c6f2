package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, events ...string) (out, seconds string, passed bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "seconds")
	var text strings.Builder
	passed, err := run(file, strings.NewReader(strings.Join(events, "\n")+"\n"), &text)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text.String(), string(kept), passed
}

func TestAPackageThatPassesIsOneLine(t *testing.T) {
	t.Parallel()
	out, seconds, passed := read(t,
		`{"Action":"output","Package":"p","Test":"TestA","Output":"    a.go:1: logged\n"}`,
		`{"Action":"run","Package":"p","Test":"TestA/x"}`,
		`{"Action":"pass","Package":"p","Test":"TestA/x","Elapsed":1.5}`,
		`{"Action":"pass","Package":"p","Test":"TestA","Elapsed":1.6}`,
		`{"Action":"output","Package":"p","Output":"PASS\n"}`,
		`{"Action":"output","Package":"p","Output":"ok  \tp\t2s\n"}`,
		`{"Action":"pass","Package":"p","Elapsed":2}`)
	if out != "ok  \tp\t2s\n" || seconds != "1.50\tp TestA/x\n" || !passed {
		t.Errorf("%q %q %t", out, seconds, passed)
	}
}

// All output about a failure is shown, and the run fails.
func TestAFailureIsShown(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ events, shown, hidden string }{
		"a test": {`{"Action":"output","Package":"p","Test":"TestA","Output":"    a.go:1: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b.go:1: fine\n"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`, "wrong", "fine"},
		"a race beside a test that passes": {`{"Action":"output","Package":"p","Test":"TestB","Output":"WARNING: DATA RACE\n"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`, "DATA RACE", ""},
		"a test that never ends": {`{"Action":"output","Package":"p","Test":"TestB","Output":"stuck\n"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t1s\n"}
{"Action":"fail","Package":"p"}`, "stuck", ""},
		"a package that never ends": {`{"Action":"output","Package":"p","Test":"TestB","Output":"stuck\n"}`, "p did not end", ""},
		"what does not build": {`{"ImportPath":"p","Action":"build-output","Output":"undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}`, "undefined: x", ""},
		"what is no event": {"go: no such package\n{\"Action\":\"fail\",\"Package\":\"p\"}", "no such package", ""},
	} {
		out, _, passed := read(t, tt.events)
		if passed || !strings.Contains(out, tt.shown) || tt.hidden != "" && strings.Contains(out, tt.hidden) {
			t.Errorf("%s: passed %t, shown %q", name, passed, out)
		}
	}
}
