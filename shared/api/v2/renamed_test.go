package v2

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// The names of this dialect change no place for an argument: with one fewer, the sentence
// would end in what is left over.
func TestRenamedSentencesTakeTheSameArguments(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join("..", "words", "refusals_*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	verb, seen := regexp.MustCompile(`%(\.\d+)?(\[\d\])?[a-z]`), 0
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			text, is := n.(*ast.BasicLit)
			if !is || text.Kind != token.STRING {
				return true
			}
			sentence, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			seen++
			if was, is := verb.FindAllString(sentence, -1), verb.FindAllString(renamed.Replace(sentence), -1); !slices.Equal(was, is) {
				t.Errorf("%q takes %q, and under the names of this dialect %q", sentence, was, is)
			}
			return true
		})
	}
	if seen < 400 {
		t.Errorf("%d texts: this test reads the code wrongly", seen)
	}
}
