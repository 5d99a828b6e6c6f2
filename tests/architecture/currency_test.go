package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// No rule and no adapter has a currency of its own: the environment's comes from the
// settings, which have it from the stack's parameter, and a customer's from their row.
func TestNoCurrencyIsBuiltIn(t *testing.T) {
	t.Parallel()
	allowed := []string{
		"shared/api/v1/preview_attach.go", // the sign that SDKs expect before an amount in dollars
		"shared/dashboard/ui/text.go",     // the sign that people expect there
	}
	builtIn := regexp.MustCompile(`DefaultCurrency\b|"(usd|eur|gbp|jpy)"`)
	root, found := filepath.Join("..", ".."), 0
	for _, folder := range []string{"shared", "functions"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			below, _ := filepath.Rel(root, path)
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(below, filepath.Join("shared", "rulestest")) {
				return err
			}
			found++
			text, err := os.ReadFile(path)
			if at := builtIn.Find(text); at != nil && !slices.Contains(allowed, filepath.ToSlash(below)) {
				t.Errorf("%s has %s", below, at)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 300 {
		t.Errorf("only %d files were read", found)
	}
}
