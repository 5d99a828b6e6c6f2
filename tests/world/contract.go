package world

import (
	"os"
	"testing"

	"windfall/local/contract"
)

// watched checks every exchange of a test against openapi.yaml: a difference
// fails the test.
func watched(t *testing.T) *contract.Watch {
	t.Helper()
	c, err := contract.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	folder := os.Getenv(contract.FolderVariable)
	w := &contract.Watch{Contract: c, Keep: folder != "", Found: func(err error) { t.Errorf("openapi.yaml: %v", err) }}
	if folder != "" {
		t.Cleanup(func() {
			if err := w.Save(folder); err != nil {
				t.Error(err)
			}
		})
	}
	return w
}
