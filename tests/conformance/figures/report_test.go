package main

import (
	"strings"
	"testing"
)

const output = `{"Action":"run","Test":"TestGoldenX"}
{"Action":"output","Test":"TestGoldenX/G1_half","Output":"=== RUN   TestGoldenX/G1_half\n"}
{"Action":"output","Test":"TestGoldenX/G1_half","Output":"    golden_test.go:27: source: https://docs.example/a\n"}
{"Action":"output","Test":"TestGoldenX/G1_half","Output":"    golden_test.go:31: unused time      expected -500, got -500\n"}
{"Action":"output","Test":"TestGoldenX/G1_half","Output":"    golden_test.go:31: shares           expected [166 334], got [167 333]\n"}
{"Action":"output","Test":"TestGoldenX/G1_half","Output":"    golden_test.go:33: shares: expected [166 334], got [167 333]\n"}
{"Action":"fail","Test":"TestGoldenX/G1_half"}
`

func TestReport(t *testing.T) {
	r, err := read(strings.NewReader(output))
	if err != nil || len(r.cases) != 1 || r.compared != 2 || r.failed != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{
		"fail  G1 half\n", "https://docs.example/a", "  unused time                            expected -500", "! shares",
		"shares: expected [166 334]", "1 cases with 2 numbers, 1 failed",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestReportOfWhatDoesNotBuild(t *testing.T) {
	r, err := read(strings.NewReader(`{"Action":"output","Output":"golden_test.go:3: undefined: x\n"}`))
	var out strings.Builder
	if r.print(&out); err != nil || !strings.Contains(out.String(), "undefined: x") {
		t.Errorf("%v %s", err, out.String())
	}
}
