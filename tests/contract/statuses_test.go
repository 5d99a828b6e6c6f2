package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// kindStatuses are the statuses of refusals, by what makes them.
var kindStatuses = map[string]int{"Invalid": http.StatusBadRequest, "NotFound": http.StatusNotFound, "Conflict": http.StatusConflict,
	"Declined": http.StatusPaymentRequired, "Denied": http.StatusUnauthorized, "Reused": http.StatusUnprocessableEntity, "Throttled": http.StatusTooManyRequests, "Unavailable": http.StatusServiceUnavailable}

// Every code has in the contract each status with which the rules, commands and the
// store refuse for one of its reasons.
func TestCodesHaveTheStatusesOfTheCode(t *testing.T) {
	t.Parallel()
	known := statusesOfCodes(t)
	codes, made := codesOfReasons(t), 0
	eachFile(t, "shared", func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			status, ok := kindStatuses[refusalMadeBy(call, file.Name.Name)]
			if !ok {
				return true
			}
			reason := nameOf(call.Args[0], file.Name.Name)
			if code := codes[reason]; code != "" && code != "internal_error" { // which is within the program
				if made++; !slices.Contains(known[code], status) {
					t.Errorf("%s refuses with %d for %s, and %s has %v in openapi.yaml", path, status, reason, code, known[code])
				}
			}
			return true
		})
	})
	if made < 200 {
		t.Errorf("%d refusals: this test reads the code wrongly", made)
	}
}

// refusalMadeBy is the function of package refusal that a call calls; "" for none.
func refusalMadeBy(call *ast.CallExpr, pkg string) string {
	if of, name, ok := strings.Cut(nameOf(call.Fun, pkg), "."); ok && of == "refusal" {
		return name
	}
	return ""
}

// nameOf is package.Name of an expression.
func nameOf(e ast.Expr, pkg string) string {
	switch e := e.(type) {
	case *ast.Ident:
		return pkg + "." + e.Name
	case *ast.SelectorExpr:
		if of, ok := e.X.(*ast.Ident); ok {
			return of.Name + "." + e.Sel.Name
		}
	}
	return ""
}

// codesOfReasons are the codes of package words, by reason.
func codesOfReasons(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	eachFile(t, filepath.Join("shared", "api", "words"), func(path string, file *ast.File) {
		if filepath.Base(path) == wordsOfDashboard {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok {
				if words, ok := pair.Value.(*ast.CompositeLit); ok && len(words.Elts) == 2 {
					for _, c := range code(words.Elts[0]) {
						out[nameOf(pair.Key, file.Name.Name)] = c
					}
				}
			}
			return true
		})
	})
	return out
}

// statusesOfCodes are the statuses of the answers that may have a code.
func statusesOfCodes(t *testing.T) map[string][]int {
	t.Helper()
	out := map[string][]int{}
	doc := document(t)
	responses := under(doc, "components", "responses")
	for _, op := range operations(doc) {
		for status, r := range under(op, "responses") {
			n, err := strconv.Atoi(status)
			if err != nil {
				t.Fatal(err)
			}
			ref, _ := r.(object)["$ref"].(string)
			for _, c := range codesOfResponse(under(responses, strings.TrimPrefix(ref, "#/components/responses/"))) {
				if !slices.Contains(out[c], n) {
					out[c] = append(out[c], n)
				}
			}
		}
	}
	return out
}

// codesOfResponse are the codes of an error answer.
func codesOfResponse(response object) (codes []string) {
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case object:
			if of, ok := v["code"].(object); ok {
				codes = append(codes, texts(of["enum"])...)
			}
			for key, each := range v {
				if key != "example" && key != "examples" {
					walk(each)
				}
			}
		case []any:
			for _, each := range v {
				walk(each)
			}
		}
	}
	walk(response)
	return codes
}

// eachFile calls do with each file of Go below a folder that is no test.
func eachFile(t *testing.T, folder string, do func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			do(path, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
