package wiring

import (
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// order is the order in which an operator needs the sections: before the first
// deployment, at it, day by day, and at the end.
var order = []string{
	"Parameters", "Deploy", "Keys", "Rotate", "Settings",
	"Cards", "Find a customer", "Why was somebody charged?", "Delete a customer", "What an end leaves at Stripe", "What Stripe tells",
	"When an alarm rings", "The schedule", "Sums of usage", "Upgrade and roll back", "Restore", "Delete a stack", "Cost",
}

var (
	heading = regexp.MustCompile(`(?m)^## (.+)$`)
	link    = regexp.MustCompile(`\]\(([a-z-]*\.md)?#([^)]+)\)`)
)

func TestOperationsComeInOrder(t *testing.T) {
	p := load(t)
	var got []string
	for _, m := range heading.FindAllStringSubmatch(page(t, p), -1) {
		got = append(got, m[1])
	}
	if !slices.Equal(got, order) {
		t.Errorf("docs/operations.md has the sections\n%q, want\n%q", got, order)
	}
	for _, name := range []string{"operations.md", "api.md", "performance.md", "stripe-simulator.md"} {
		text, err := os.ReadFile(p.path("docs", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if to := strings.ReplaceAll(m[2], "-", " "); (m[1] == "operations.md" || name == "operations.md" && m[1] == "") &&
				!slices.ContainsFunc(order, func(section string) bool { return strings.EqualFold(strings.Trim(section, "?"), to) }) {
				t.Errorf("docs/%s links to the section %s of operations.md, which is not there", name, m[2])
			}
		}
	}
}

// Every field of a history entry is described.
func TestEveryFieldOfTheHistoryIsDescribed(t *testing.T) {
	p := load(t)
	_, section, _ := strings.Cut(page(t, p), "\n## Why was somebody charged?\n")
	section, _, _ = strings.Cut(section, "\n## ")
	fields := 0
	for _, file := range parse(t, p.path("shared", "api", "v1")) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "auditJSON" && spec.Name.Name != "changeJSON" && spec.Name.Name != "auditLine" {
				return true
			}
			for _, f := range spec.Type.(*ast.StructType).Fields.List {
				name, _, _ := strings.Cut(strings.TrimPrefix(f.Tag.Value, "`json:\""), "\"")
				if fields++; !strings.Contains(section, "`"+name+"`") {
					t.Errorf("docs/operations.md does not say what %s of an entry is", name)
				}
			}
			return false
		})
	}
	if fields < 20 {
		t.Errorf("%d fields: this test reads the code wrongly", fields)
	}
}
