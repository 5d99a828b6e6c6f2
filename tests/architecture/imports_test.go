package architecture

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// A pkg is a package as `go list` prints it.
type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
	Deps       []string
}

func list(t *testing.T, patterns ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Imports,Deps"}, patterns...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatalf("no packages match %v", patterns)
	}
	return all
}

// ours keeps the packages of this module.
func ours(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(s string) bool { return s != "windfall" && !strings.HasPrefix(s, "windfall/") })
}

// Dependencies point one way: the rules import no other layer, the commands the
// rules, the adapters both, and only the wiring the adapters.
func TestDependenciesPointInwards(t *testing.T) {
	t.Parallel()
	rules := []string{"windfall/shared/order", "windfall/shared/refusal", "windfall/shared/money", "windfall/shared/ledger", "windfall/shared/credit", "windfall/shared/pageparams", "windfall/shared/catalog", "windfall/shared/reward", "windfall/shared/referral", "windfall/shared/entitlement", "windfall/shared/usage", "windfall/shared/billing"}
	const walk, app, admin, api, dynamo, payments, wire = "windfall/shared/walk", "windfall/shared/app", "windfall/shared/admin", "windfall/shared/api", "windfall/shared/dynamo",
		"windfall/shared/payments", "windfall/shared/wire"
	const dashboard, ui, web, accounts = "windfall/shared/dashboard", "windfall/shared/dashboard/ui", "windfall/shared/dashboard/web", "windfall/shared/dashboard/accounts"
	pages := func(more ...string) []string {
		return append(append(slices.Clone(rules), app, admin, api, api+"/words", ui, web), more...)
	}
	know := func(more ...string) []string { return append(slices.Clone(rules), more...) }
	allowed := map[string][]string{
		walk:                 nil,
		app:                  know(),
		admin:                know(app), // what is administered is saved as app's writes; the engine needs no administration
		api:                  know(app, walk),
		api + "/words":       know(app),
		api + "/fields":      know(app, api),
		api + "/v1":          know(app, admin, api, api+"/words", api+"/fields"),
		api + "/v2":          know(app, admin, api, api+"/words", api+"/fields"), // two spellings of one product: neither knows the other
		api + "/endpoints":   {app, api, api + "/words", api + "/v1", api + "/v2"},
		dynamo:               know(app),
		payments:             know(app, walk),
		wire:                 know(app, dynamo),
		wire + "/withstripe": know(app, payments, wire),

		ui:                       know(), // it draws what it is given
		accounts:                 {"windfall/shared/order", app, api},
		web:                      know(app, api, api+"/words", ui),
		dashboard + "/signin":    pages(accounts),
		dashboard + "/customers": pages(),
		dashboard + "/catalog":   pages(api + "/words"), // what each rule about a code says
		dashboard + "/operate":   pages(accounts),
		dashboard:                {app, web, dashboard + "/signin", dashboard + "/customers", dashboard + "/catalog", dashboard + "/operate"},
	}
	for i, path := range rules { // each imports those before it
		allowed[path] = rules[:i]
	}
	for path, allowed := range allowed {
		p := list(t, path)[0]
		for _, name := range ours(p.Imports) {
			if !slices.Contains(allowed, name) {
				t.Errorf("%s must not import %s", path, name)
			}
		}
	}
}

// A rule is a pure function: no adapter, no SDK, no network, no clock, no
// randomness.
func TestRulesDependOnTheStandardLibraryAndDecimals(t *testing.T) {
	t.Parallel()
	const decimal = "github.com/shopspring/decimal"
	allowed := []string{"cmp", "errors", "fmt", "maps", "math", "math/big", "slices", "sort", "strconv", "strings", "time", "unicode", "unicode/utf8", decimal}
	for _, p := range list(t, "./shared/order", "./shared/refusal", "./shared/money", "./shared/ledger", "./shared/pageparams", "./shared/reward", "./shared/referral", "./shared/catalog", "./shared/entitlement", "./shared/usage", "./shared/billing") {
		for _, name := range p.Imports {
			if !slices.Contains(allowed, name) && !strings.HasPrefix(name, "windfall/") { // those are checked by another test
				t.Errorf("%s imports %s; a rule needs no such thing", p.ImportPath, name)
			}
		}
		for _, dep := range p.Deps { // math/rand comes with math/big, unused
			if slices.Contains([]string{"net", "net/http", "crypto/rand", "math/rand/v2", "os/exec", "log"}, dep) ||
				strings.Contains(strings.SplitN(dep, "/", 2)[0], ".") && dep != decimal {
				t.Errorf("%s must not depend on %s", p.ImportPath, dep)
			}
		}
	}
}

// Packages for tests are imported by tests alone.
func TestFixturesAreForTests(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./...") {
		if strings.HasPrefix(p.ImportPath, "windfall/tests/") {
			continue
		}
		for _, fixtures := range []string{"windfall/shared/rulestest", "windfall/tests/tabletest", "windfall/tests/shoptest"} {
			if slices.Contains(p.Imports, fixtures) {
				t.Errorf("%s imports %s, the fixtures of tests", p.ImportPath, fixtures)
			}
		}
	}
}

// A function is a constructor of package endpoints, api or dashboard, and the wiring,
// and nothing else.
func TestFunctionsAreOnlyWired(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./functions/...") {
		for _, name := range ours(p.Imports) {
			if !slices.Contains([]string{"windfall/shared/api", "windfall/shared/api/endpoints", "windfall/shared/dashboard", "windfall/shared/wire", "windfall/shared/wire/withstripe"}, name) {
				t.Errorf("%s must not import %s", p.ImportPath, name)
			}
		}
	}
}

func TestWhatIsDeployedHoldsNothingLocal(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./functions/...", "./shared/...") {
		if p.ImportPath == "windfall/shared/rulestest" {
			continue // see TestFixturesAreForTests
		}
		for _, name := range p.Deps {
			if name == "windfall" || strings.HasPrefix(name, "windfall/local") || strings.HasPrefix(name, "windfall/tests") || name == "testing" {
				t.Errorf("%s depends on %s", p.ImportPath, name)
			}
		}
	}
}

// check and track start fast, so they carry neither Stripe nor the loader of
// configuration files.
func TestCheckAndTrackCarryLittle(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./functions/check", "./functions/track") {
		for _, name := range p.Deps {
			if strings.Contains(name, "stripe-go") || strings.HasPrefix(name, "github.com/aws/aws-sdk-go-v2/config") {
				t.Errorf("%s links %s", p.ImportPath, name)
			}
		}
	}
}
