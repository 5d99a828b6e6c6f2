package wiring

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"io"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// setByLambda are variables that every function has without a declaration.
var setByLambda = regexp.MustCompile(`^(AWS_REGION|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_LAMBDA_\w+|TZ)$`)

var variableName = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)

// A variable that is read but not declared is empty in AWS, and cannot even be
// set by `sam local`; one that is declared but never read misleads.
func TestVariablesAreWhatTheCodeReads(t *testing.T) {
	p := load(t)
	packages := links(t, p)
	reads := map[string][]string{} // package folder -> names
	for _, f := range p.dev.Functions {
		read := map[string]bool{}
		for _, dir := range packages[f.Folder] {
			if _, known := reads[dir]; !known {
				reads[dir] = variablesOf(t, p, dir)
			}
			for _, name := range reads[dir] {
				read[name] = true
			}
		}
		for name := range maps.Keys(read) {
			if !slices.Contains(f.Env, name) && !setByLambda.MatchString(name) {
				t.Errorf("%s reads %s: declare it under Environment of %s in template.yaml, even when it is empty", f.Folder, name, f.LogicalID)
			}
		}
		for _, name := range f.Env {
			if !read[name] {
				t.Errorf("%s has the variable %s, but its code never reads it: remove it from template.yaml", f.LogicalID, name)
			}
		}
	}
}

// Only functions that call Stripe may read its keys.
func TestStripesKeysAreForThoseWhoLinkStripe(t *testing.T) {
	p := load(t)
	packages := links(t, p)
	for _, f := range p.dev.Functions {
		linked := slices.Contains(packages[f.Folder], "shared/payments")
		granted := grants(f, "StripeSecret")
		switch {
		case linked && !slices.Equal(granted, []string{"secretsmanager:GetSecretValue"}):
			t.Errorf("%s links shared/payments: let it do secretsmanager:GetSecretValue on StripeSecret, not %q", f.LogicalID, granted)
		case !linked && len(granted) > 0:
			t.Errorf("%s may read Stripe's keys but does not link shared/payments: remove that from its policy", f.LogicalID)
		case linked && (f.Folder == "check" || f.Folder == "track"):
			t.Errorf("functions/%s links Stripe: it must start fast; use wire.App", f.Folder)
		}
	}
}

// links returns, for each function, the folders of this module's packages in
// its binary.
func links(t *testing.T, p *project) map[string][]string {
	t.Helper()
	const module = "windfall/"
	cmd := exec.Command("go", "list", "-json=ImportPath,Deps", "./functions/...")
	cmd.Dir = p.root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	found := map[string][]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var listed struct {
			ImportPath string
			Deps       []string
		}
		if err := d.Decode(&listed); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		for _, path := range append(listed.Deps, listed.ImportPath) {
			if dir, ours := strings.CutPrefix(path, module); ours {
				folder := strings.TrimPrefix(listed.ImportPath, module+"functions/")
				found[folder] = append(found[folder], dir)
			}
		}
	}
}

// variablesOf returns the names of variables that a package reads: literals
// passed to os.Getenv, or to anything in a package that uses it.
func variablesOf(t *testing.T, p *project, dir string) (names []string) {
	t.Helper()
	files := parse(t, p.path(strings.Split(dir, "/")...))
	if !slices.ContainsFunc(files, func(f *ast.File) bool {
		used := selectors(f, "os")
		return used["Getenv"] || used["LookupEnv"]
	}) {
		return nil
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
				if literal, ok := call.Args[0].(*ast.BasicLit); ok {
					names = append(names, texts(literal, variableName)...)
				}
			}
			return true
		})
	}
	return names
}
