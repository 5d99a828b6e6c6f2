package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// codeForm tells a code from a sentence.
var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_]+$`)

// Every error code of the code is in the contract, and no other.
func TestCodesAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, code := range texts(under(document(t), "components", "schemas", "ErrorCode")["enum"]) {
		known[code] = true
	}
	used := codesOfTheCode(t)
	if len(used) < 60 {
		t.Fatalf("%d codes: this test reads the code wrongly", len(used))
	}
	for code, file := range used {
		if !known[code] {
			t.Errorf("%s answers %s, which is not in openapi/codes.yaml", file, code)
		}
	}
	for code := range known {
		if used[code] == "" {
			t.Errorf("openapi/codes.yaml has %s, which nothing answers", code)
		}
	}
}

// wordsOfDashboard has refusals that no call of the API answers.
const wordsOfDashboard = "refusals_dashboard.go"

// codesOfTheCode finds the codes of refusals, and those that a dialect or the
// gateway words, with a file of each.
func codesOfTheCode(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	read := func(path string) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			var codes []string
			switch n := n.(type) {
			case *ast.CompositeLit:
				codes = codesIn(n)
			case *ast.AssignStmt: // r.Code = "…"
				if to, ok := n.Lhs[0].(*ast.SelectorExpr); ok && to.Sel.Name == "Code" {
					codes = code(n.Rhs[0])
				}
			}
			for _, code := range codes {
				found[code] = path
			}
			return true
		})
	}
	err := filepath.WalkDir(filepath.Join(root, "shared", "api"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && filepath.Base(path) != wordsOfDashboard {
			read(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for code, path := range gatewayCodes {
		found[code] = path
	}
	return found
}

// gatewayCodes are those of API Gateway's own refusals, and of a function that
// failed, as the local gateway words them.
var gatewayCodes = map[string]string{
	"headers_too_large": "local/gateway/errors.go", "invalid_path": "local/gateway/errors.go", "too_many_requests": "local/gateway/errors.go",
	"internal_error": "shared/api/errors.go",
}

// code is a text that is a code, if it is one.
func code(e ast.Expr) []string {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return nil
	}
	text, err := strconv.Unquote(basic.Value)
	if err != nil || !codeForm.MatchString(text) {
		return nil
	}
	return []string{text}
}

// codesIn are the codes of a refusal, or of a map from reasons to their words.
func codesIn(literal *ast.CompositeLit) (codes []string) {
	switch of := literal.Type.(type) {
	case *ast.MapType:
		if selector, ok := of.Key.(*ast.SelectorExpr); !ok || selector.Sel.Name != "Reason" {
			return nil
		}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if words, ok := pair.Value.(*ast.CompositeLit); ok && len(words.Elts) > 0 {
					codes = append(codes, code(words.Elts[0])...)
				}
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		name := ""
		if id, ok := of.(*ast.Ident); ok {
			name = id.Name
		} else {
			name = of.(*ast.SelectorExpr).Sel.Name
		}
		if name != "Refusal" {
			return nil
		}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok && pair.Key.(*ast.Ident).Name == "Code" {
				codes = append(codes, code(pair.Value)...)
			}
		}
	}
	return codes
}
