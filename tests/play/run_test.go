package main

import (
	"errors"
	"strings"
	"testing"
)

const events = `{"Action":"output","Test":"TestA/one","Output":"a bad thing\n"}
{"Action":"fail","Test":"TestA/one","Elapsed":1}
{"Action":"fail","Test":"TestA","Elapsed":2}
{"Action":"pass","Test":"TestB","Elapsed":0.5}
{"Action":"run","Test":"TestC"}
{"Action":"output","Output":"panic: x\n"}
no event
`

func TestEventsAreReadByTest(t *testing.T) {
	t.Parallel()
	results, broken, err := read(strings.NewReader(events))
	if err != nil || len(results) != 3 {
		t.Fatal(results, err)
	}
	if a := results["TestA"]; a.state != "fail" || a.seconds != 2 || a.output != "a bad thing\n" {
		t.Errorf("%+v", a)
	}
	if results["TestB"].state != "pass" || results["TestC"].state != "" {
		t.Errorf("%+v %+v", results["TestB"], results["TestC"])
	}
	if broken != "panic: x\nno event\n" {
		t.Errorf("%q", broken)
	}
}

// The other packages run all the same.
func TestAPackageThatDoesNotCompileIsAnError(t *testing.T) {
	t.Parallel()
	const unbuilt = `{"ImportPath":"a [a.test]","Action":"build-output","Output":"undefined: x\n"}
{"Action":"fail","Package":"a","Elapsed":0,"FailedBuild":"a [a.test]"}
`
	results, broken, err := read(strings.NewReader(events + unbuilt))
	if !errors.Is(err, errUnbuilt) || len(results) != 3 || !strings.Contains(broken, "undefined: x\n") {
		t.Errorf("%v %q %v", results, broken, err)
	}
}
