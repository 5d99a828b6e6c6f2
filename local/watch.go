package main

import (
	"fmt"
	"os"

	"windfall/local/contract"
	"windfall/local/stack"
)

// watch checks every exchange against openapi.yaml if a test asks for it: what is
// not as the contract has it is answered with 500, and logged. The function that
// it returns, at the end, leaves what was seen.
func watch(o *stack.Options) (end func() error, err error) {
	folder := os.Getenv(contract.FolderVariable)
	if folder == "" {
		return func() error { return nil }, nil
	}
	c, err := contract.Embedded()
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	o.Watch = &contract.Watch{Contract: c, Refuse: true, Keep: true, Found: func(err error) { o.Log.Error("openapi.yaml", "cause", err) }}
	return func() error { return o.Watch.Save(folder) }, nil
}
