package billing

import (
	"os/exec"
	"strings"
	"testing"
)

// The rules stay pure: this fails the day somebody imports an adapter, an SDK,
// the network, a clock or a die into package billing.
func TestBillingDependsOnTheStandardLibraryAndDecimals(t *testing.T) {
	t.Parallel()
	for _, dep := range dependencies(t, "{{if not .Standard}}{{.ImportPath}}{{end}}") {
		if dep != "windfall/shared/billing" && dep != "github.com/shopspring/decimal" {
			t.Errorf("package billing must not depend on %s", dep)
		}
	}
	allowed := map[string]bool{ // what billing itself may import; decimal brings more
		"cmp": true, "errors": true, "fmt": true, "maps": true, "math": true, "slices": true, "sort": true,
		"strconv": true, "strings": true, "time": true, "unicode": true, "unicode/utf8": true,
		"github.com/shopspring/decimal": true,
	}
	out, err := exec.Command("go", "list", "-f", `{{join .Imports "\n"}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(out)) {
		if !allowed[name] {
			t.Errorf("package billing imports %s; a rule needs no such thing", name)
		}
	}
	for _, dep := range dependencies(t, "{{.ImportPath}}") { // math/rand comes with math/big, unused
		if dep == "net" || dep == "net/http" || dep == "crypto/rand" || dep == "math/rand/v2" || dep == "os/exec" || dep == "log" {
			t.Errorf("package billing must not depend on %s", dep)
		}
	}
}

func dependencies(t *testing.T, format string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", format, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
