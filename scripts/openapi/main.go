// Command openapi makes openapi.yaml from the folder openapi/.
//
//	go run ./scripts/openapi
package main

import (
	"fmt"
	"os"

	"windfall/scripts/openapi/bundle"
)

func main() {
	text, err := bundle.Make("openapi")
	if err == nil {
		err = os.WriteFile("openapi.yaml", text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}
