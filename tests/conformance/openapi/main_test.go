package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"windfall/tests/conformance/openapi/oracle"
)

const good = `{"method":"DELETE","path":"/v1/coupons/x","status":200,"body":{"deleted":true,"id":"x","object":"coupon"}}
{"method":"POST","path":"/v1/coupons","form":"percent=5","status":400,"body":{"error":{"type":"invalid_request_error","message":"unknown"}}}
{"method":"POST","path":"/v1/coupons/x","form":"name=n","status":404,"body":{"error":{"type":"invalid_request_error","message":"none"}}}
`

func tallyOf(t *testing.T, text string) *tally {
	t.Helper()
	o, err := oracle.Load()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "stripe-1.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	seen, err := replay(o, dir)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestRefusalsAreNoFindings(t *testing.T) {
	seen := tallyOf(t, good)
	if len(seen.findings) != 0 || seen.requests != 3 || seen.both != 1 || seen.alone != 1 || len(seen.reached) != 1 {
		t.Errorf("%+v", seen)
	}
}

func TestFindings(t *testing.T) {
	for name, line := range map[string]string{
		"accepted, although": `{"method":"DELETE","path":"/v1/coupons/x","form":"now=1","status":200,"body":{"deleted":true,"id":"x","object":"coupon"}}`,
		"no such field":      `{"method":"DELETE","path":"/v1/coupons/x","status":200,"body":{"deleted":true,"id":"x","object":"coupon","name":"n"}}`,
		"no such address":    `{"method":"GET","path":"/v1/coupon","status":200,"body":{}}`,
		"cannot ask for it":  `{"event":{"type":"coupon.seeded"}}`,
		"unexpected end":     `{"method":"GET"`,
	} {
		seen := tallyOf(t, good+line+"\n"+line)
		told := ""
		for f, n := range seen.findings {
			if told += f.String(); n != 2 {
				t.Errorf("%s: counted %d times", f, n)
			}
		}
		if !strings.Contains(told, name) {
			t.Errorf("want %q, got %q", name, told)
		}
	}
}

func TestAnEmptyRecordingFails(t *testing.T) {
	var out strings.Builder
	if err := run(&out, t.TempDir(), ""); err == nil || !strings.Contains(err.Error(), "nothing was recorded") {
		t.Error(err)
	}
}

func TestOnlyWhatMattersOfASuiteIsShown(t *testing.T) {
	for text, want := range map[string]string{
		"ok  \ta\t0.1s\n?   \tb\t[no test files]\nFAIL\tc\n":                         "ok  \ta\t0.1s\nFAIL\tc\n",
		"TAP version 13\nok 1 - a\n  not ok 2 - b\n    ...\n# pass 1\n# skipped 0\n": "  not ok 2 - b\n# pass 1\n",
	} {
		var out strings.Builder
		q := &quiet{w: &out}
		for _, part := range strings.SplitAfter(text, "t") { // it comes in pieces of any size
			if n, err := q.Write([]byte(part)); n != len(part) || err != nil {
				t.Error(n, err)
			}
		}
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
}
