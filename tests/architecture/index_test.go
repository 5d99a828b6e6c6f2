package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The index of questions names existing files.
func TestTheIndexNamesFiles(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"billing", "entitlement", "catalog", "money"} {
		text, err := os.ReadFile(filepath.Join("../../shared", dir, "doc.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`[a-z_/]+\.go\b`).FindAllString(string(text), -1)
		if len(found) < 4 {
			t.Errorf("the index of %s names %d files", dir, len(found))
		}
		for _, name := range found {
			here, beside := filepath.Join("../../shared", dir, name), filepath.Join("../../shared", name)
			if _, err := os.Stat(here); err != nil {
				if _, err := os.Stat(beside); err != nil {
					t.Errorf("the index of %s names %s, which is not there", dir, name)
				}
			}
		}
	}
}
