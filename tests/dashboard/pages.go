package dashboard

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A Listed page is one that the budgets measure and the browser looks at: a line of a file pages_*.txt.
type Listed struct {
	Path, H1 string
	Requests int // to the database, at most
}

// Pages reads the lists in this folder.
func Pages(t *testing.T, folder string) (all []Listed) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "pages_*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d lists of pages: %v", len(files), err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := strings.TrimSpace(lines.Text())
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			parts := strings.Split(line, " | ")
			if len(parts) != 3 {
				t.Fatalf("%s: %q must be: path | h1 | most requests", name, line)
			}
			most, err := strconv.Atoi(strings.TrimSpace(parts[2]))
			if err != nil {
				t.Fatalf("%s: %q: %v", name, line, err)
			}
			all = append(all, Listed{strings.TrimSpace(parts[0]), strings.TrimSpace(parts[1]), most})
		}
		_ = f.Close() // it was only read
	}
	return all
}
