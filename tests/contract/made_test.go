package contract

import (
	"bytes"
	"os"
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

func TestTheReferenceIsMadeOfTheDocument(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := bundle.Document(page, windfall.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, page) {
		t.Error("the reference in docs/api.md is not what openapi.yaml makes. Run make docs.")
	}
}
