package wiring

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"windfall/local/stack"
)

// page returns docs/operations.md.
func page(t *testing.T, p *project) string {
	t.Helper()
	text, err := os.ReadFile(p.path("docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rowsOf returns the cells of a section's table rows, without headings.
func rowsOf(t *testing.T, text, section string) (rows [][]string) {
	t.Helper()
	_, text, found := strings.Cut(text, "\n## "+section+"\n")
	if !found {
		t.Fatalf("docs/operations.md: the section %q is gone", section)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	for line := range strings.SplitSeq(text, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if strings.HasPrefix(line, "| ") && len(cells) > 1 {
			rows = append(rows, cells)
		}
	}
	return rows
}

var parameterLine = regexp.MustCompile(`(?m)^  ([A-Z]\w+):\n    Type: `)

func TestEveryParameterIsDescribed(t *testing.T) {
	p := load(t)
	section, _, _ := strings.Cut(p.text, "\nConditions:")
	section, _, _ = strings.Cut(section, "\nRules:")
	var declared, described []string
	for _, m := range parameterLine.FindAllStringSubmatch(section, -1) {
		declared = append(declared, m[1])
	}
	for _, row := range rowsOf(t, page(t, p), "Parameters")[1:] {
		described = append(described, strings.Trim(row[0], "`"))
	}
	slices.Sort(declared)
	slices.Sort(described)
	if len(declared) < 5 || !slices.Equal(declared, described) {
		t.Errorf("template.yaml has the parameters %q, docs/operations.md describes %q", declared, described)
	}
}

// eventTypes are all types of events in the API version in use: the list of
// stripe-go.
func eventTypes(t *testing.T, p *project) (all []string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/stripe/stripe-go/v76")
	cmd.Dir = p.root
	dir, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "event.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`EventType = "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
		all = append(all, m[1])
	}
	return all
}

// wanted returns the event types that the webhook handles. It is read from the
// code: `handled` names kinds of objects and single events, and Webhook
// excludes single events.
func wanted(t *testing.T, p *project, all []string) []string {
	t.Helper()
	named := map[string]map[string]bool{"handled": {}, "Webhook": {}}
	for _, file := range parse(t, p.path("shared", "app")) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || named[f.Name.Name] == nil {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if name, err := strconv.Unquote(lit.Value); err == nil {
						named[f.Name.Name][name] = true
					}
				}
				return true
			})
		}
	}
	for name := range maps.Keys(named["handled"]) {
		known := slices.ContainsFunc(all, func(event string) bool { return event == name || objectOf(event) == name })
		if !known {
			t.Errorf("shared/app handles %q, which is no event and no object of Stripe's", name)
		}
	}
	var types []string
	for _, event := range all {
		if (named["handled"][event] || named["handled"][objectOf(event)]) && !named["Webhook"][event] {
			types = append(types, event)
		}
	}
	return types
}

// objectOf is the kind of object in an event.
func objectOf(event string) string {
	object := event[:strings.LastIndexByte(event, '.')]
	return strings.TrimPrefix(object, "customer.") // customer.subscription.updated has a subscription
}

// A missing type of event is missed; a needless one costs money.
func TestBothEndpointsSendWhatTheWebhookHandles(t *testing.T) {
	p := load(t)
	all := eventTypes(t, p)
	want := wanted(t, p, all)
	_, block, _ := strings.Cut(page(t, p), "```text\n")
	block, _, _ = strings.Cut(block, "```")
	got := strings.Fields(block)
	for _, event := range want {
		if !slices.Contains(got, event) {
			t.Errorf("docs/operations.md does not ask Stripe for %s, which shared/app handles: add it to the list of events", event)
		}
	}
	for _, event := range got {
		if !slices.Contains(want, event) {
			t.Errorf("docs/operations.md asks Stripe for %s, which shared/app does not handle (or Stripe does not have)", event)
		}
	}
	if !slices.Equal(got, stack.WebhookEvents) {
		t.Errorf("make dev listens to %q, docs/operations.md to %q", stack.WebhookEvents, got)
	}
	if len(want) < 20 || len(all) < 200 {
		t.Errorf("%d events of %d are handled: this test reads the code wrongly", len(want), len(all))
	}
}

// The resources of an idle stack cost money by the piece.
func TestWhatAnIdleStackCosts(t *testing.T) {
	p := load(t)
	watched := 0
	for _, alarm := range alarms(t, p) {
		watched += len(metricsOf(alarm))
	}
	written := 0
	for name := range emittedBy(t, "sweep") {
		if strings.HasPrefix(name, "Windfall ") {
			written++
		}
	}
	filters := 0
	for _, r := range p.dev.Resources {
		if r.Type == "AWS::Logs::MetricFilter" {
			filters++
		}
	}
	for what, want := range map[string][2]float64{
		"metrics in alarms": {float64(watched), 0.10}, "metrics that the sweep and the webhook's filters write": {float64(written + filters), 0.30},
		"secret": {1, 0.40}, "reads of the sweep: 16 RCU each five minutes": {16 * 12 * 24 * 30, 0.125 / 1e6},
	} {
		line := []string{what, strconv.FormatFloat(want[0], 'f', -1, 64), strconv.FormatFloat(want[0]*want[1], 'f', 2, 64)}
		if !slices.ContainsFunc(rowsOf(t, page(t, p), "Cost"), func(row []string) bool { return slices.Equal(row, line) }) {
			t.Errorf("docs/operations.md, Cost: the row should be | %s |", strings.Join(line, " | "))
		}
	}
}
