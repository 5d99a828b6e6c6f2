package contract

import (
	"bytes"
	"path/filepath"
	"testing"

	"windfall"
	"windfall/scripts/openapi/bundle"
)

func TestTheDocumentIsMadeOfItsSources(t *testing.T) {
	t.Parallel()
	made, err := bundle.Make(filepath.Join(root, "openapi"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, windfall.OpenAPI) {
		t.Error("openapi.yaml is not what the folder openapi/ makes. Run make openapi.")
	}
}
