package words

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"windfall/shared/refusal"
)

var verb = regexp.MustCompile(`%(\.\d+)?(\[\d\])?[a-z]`)

// A sentence takes what its callers pass, no more and no less: fmt would write what is left
// over, or missing, into the sentence.
func TestSentencesTakeWhatTheirReasonsPass(t *testing.T) {
	t.Parallel()
	values := map[string][]refusal.Reason{} // two packages may have a reason of the same name
	for value, name := range reasons(t) {
		values[name] = append(values[name], refusal.Reason(value))
	}
	seen := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			why, args, given := givenReason(n)
			if call, is := n.(*ast.CallExpr); is && lastName(call.Fun) == "Is" {
				return false // a pattern to compare with, which nobody reads
			}
			if !given || len(values[why]) == 0 {
				return true
			}
			seen++
			if !slices.ContainsFunc(values[why], func(r refusal.Reason) bool { return taken(wordings[r].sentence) == args }) {
				t.Errorf("%s: %s is given %d arguments, and its sentence takes %d: %q", path, why, args, taken(wordings[values[why][0]].sentence), wordings[values[why][0]].sentence)
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 300 {
		t.Errorf("%d reasons are given, %v: this test reads the code wrongly", seen, err)
	}
}

// taken is how many arguments a sentence takes.
func taken(sentence string) int {
	places := map[string]bool{}
	for n, found := range verb.FindAllStringSubmatch(strings.ReplaceAll(sentence, "%%", ""), -1) {
		places[cmp.Or(found[2], fmt.Sprintf("[%d]", n+1))] = true
	}
	return len(places)
}

// givenReason reads a call that refuses with a reason, or says it, and how many arguments it passes.
func givenReason(n ast.Node) (why string, args int, given bool) {
	call, is := n.(*ast.CallExpr)
	if !is || len(call.Args) == 0 || call.Ellipsis.IsValid() {
		return "", 0, false
	}
	name := lastName(call.Fun)
	switch name {
	case "Invalid", "NotFound", "Conflict", "Declined", "Denied", "Throttled", "Unavailable", "Phrase", "yes", "no":
		why = lastName(call.Args[0])
		return why, len(call.Args) - 1, strings.HasPrefix(why, "Reason")
	}
	return "", 0, false
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
