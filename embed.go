// Package windfall holds what a program of this project carries with it, so that
// it runs from any folder.
package windfall

import _ "embed"

// Template is template.yaml.
//
//go:embed template.yaml
var Template []byte

// OpenAPI is openapi.yaml.
//
//go:embed openapi.yaml
var OpenAPI []byte
