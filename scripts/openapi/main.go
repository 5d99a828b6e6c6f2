// Command openapi makes openapi.yaml from the folder openapi/, and the reference
// in docs/api.md from openapi.yaml.
//
//	go run ./scripts/openapi
//	go run ./scripts/openapi -plain FILE -calls attach,check  write the types of these
//	calls as OpenAPI 3.0, for a generator of Go
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"windfall/scripts/openapi/bundle"
)

func main() {
	plain := flag.String("plain", "", "write the types of -calls into this file as OpenAPI 3.0, and nothing else")
	calls := flag.String("calls", "", "the ids of operations, separated by commas")
	flag.Parse()
	if err := run(*plain, strings.Split(*calls, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(plain string, calls []string) error {
	if plain != "" {
		openapi, err := os.ReadFile("openapi.yaml")
		if err != nil {
			return err
		}
		text, err := bundle.Plain(openapi, calls)
		if err != nil {
			return err
		}
		return os.WriteFile(plain, text, 0o644)
	}
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
