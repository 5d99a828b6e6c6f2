// Command openapi makes openapi.yaml from the folder openapi/, and the reference
// in docs/api.md from openapi.yaml.
//
//	go run ./scripts/openapi
package main

import (
	"errors"
	"fmt"
	"os"

	"windfall/scripts/openapi/bundle"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run() error {
	openapi, err := bundle.Make("openapi")
	if err != nil {
		return err
	}
	page, err := os.ReadFile("docs/api.md")
	if err != nil {
		return err
	}
	made, err := bundle.Document(page, openapi)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile("openapi.yaml", openapi, 0o644), os.WriteFile("docs/api.md", made, 0o644))
}
