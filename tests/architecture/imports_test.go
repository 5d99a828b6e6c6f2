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

// A pkg is a package as `go list` tells it.
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

// Dependencies point one way: the rules know nobody, the commands know the
// rules, the adapters know both, and only the wiring knows the adapters.
func TestDependenciesPointInwards(t *testing.T) {
	t.Parallel()
	const billing, app, api, dynamo, payments, wire = "windfall/shared/billing", "windfall/shared/app", "windfall/shared/api",
		"windfall/shared/dynamo", "windfall/shared/payments", "windfall/shared/wire"
	for path, allowed := range map[string][]string{
		billing:              {},
		app:                  {billing},
		api:                  {app, billing},
		dynamo:               {app, billing},
		payments:             {app, billing},
		wire:                 {app, billing, dynamo},
		wire + "/withstripe": {app, billing, payments, wire},
	} {
		p := list(t, path)[0]
		for _, name := range ours(p.Imports) {
			if !slices.Contains(allowed, name) {
				t.Errorf("%s must not import %s", path, name)
			}
		}
	}
}

// A function is a constructor of package api and the wiring, and no more.
func TestFunctionsAreOnlyWired(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./functions/...") {
		for _, name := range ours(p.Imports) {
			if !slices.Contains([]string{"windfall/shared/api", "windfall/shared/wire", "windfall/shared/wire/withstripe"}, name) {
				t.Errorf("%s must not import %s", p.ImportPath, name)
			}
		}
	}
}

func TestWhatIsDeployedHoldsNothingLocal(t *testing.T) {
	t.Parallel()
	for _, p := range list(t, "./functions/...", "./shared/...") {
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
