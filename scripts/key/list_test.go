package main

import (
	"fmt"
	"strings"
	"testing"

	"windfall/scripts/awscli"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/tests/world"
)

func TestTheListNamesKeysAndShowsNone(t *testing.T) {
	o := newOperator(t)
	key, _ := o.does("-name", "backend")
	live, _ := o.does("-env", "live", "-publishable")
	list, _ := o.does("-list")
	for _, want := range []string{key[:20], "backend", live[:20], "sandbox", "live", "secret", "publishable", "arn:aws:iam::123456789012:user/ops"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	if secretIn.MatchString(list) {
		t.Errorf("the list shows a key:\n%s", list)
	}
	if list, _ = o.does("-list", "-env", "live"); strings.Contains(list, "backend") || !strings.Contains(list, live[:20]) {
		t.Errorf("of live:\n%s", list)
	}
}

// Several pages of the index, and more rows than one batch reads.
func TestTheListIsWhole(t *testing.T) {
	o := newOperator(t)
	table := openKeyTable(awscli.CLI{}, o.Stack.DB.Client(), o.Stack.Template.Table.Name) // one process per call takes long
	for i := range 120 {
		k := app.Key{Hash: fmt.Sprint(i), Name: fmt.Sprint("key ", i), Env: catalog.Sandbox, CreatedAt: world.T0}
		if err := table.put(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	list, _ := o.does("-list")
	for i := range 120 {
		if !strings.Contains(list, fmt.Sprintf("  key %d  ", i)) {
			t.Errorf("key %d is not listed", i)
		}
	}
}

func TestWhatTheAWSCommandLineComplainsOfIsShown(t *testing.T) {
	o := newOperator(t)
	if _, _, err := o.key("-stack", "nowhere", "-list"); err == nil || !strings.Contains(err.Error(), "Stack does not exist") {
		t.Errorf("an unknown stack: %v", err)
	}
	o.write("table", "another")
	for _, args := range [][]string{{"-list"}, {"-revoke", "backend"}, {"-name", "backend"}} {
		o.fails([]string{"ResourceNotFoundException"}, args...)
	}
	o.write("table", "None")
	o.fails([]string{"no output TableName"}, "-list")
	o.write("address", "")
	o.fails([]string{"Unable to locate credentials"}, "-list")
	o.aws += "-missing"
	o.fails([]string{"no such file"}, "-list")
	o.aws = "no-such-command-here"
	o.fails([]string{"not installed"}, "-list")
}

func TestFlagsThatContradictAreRefused(t *testing.T) {
	o := newOperator(t)
	before, _ := o.does("-list")
	for _, args := range [][]string{
		{"-revoke", ""}, {"-revoke", "a", "-list"}, {"-list", "-name", "a"}, {"-revoke", "a", "-publishable"}, {"backend"},
		{"-env", "prod"}, {"-name", "am_sk_test_"}, {"-name", "two\nlines"}, {"-name", strings.Repeat("a", 65)}, {"-nickname", "a"},
	} {
		if _, _, err := o.key(args...); err == nil {
			t.Errorf("key %q is taken", args)
		}
	}
	if list, _ := o.does("-list"); list != before {
		t.Errorf("keys were made:\n%s", list)
	}
}
