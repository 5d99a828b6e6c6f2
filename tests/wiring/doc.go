// Package wiring holds the parts of an endpoint against each other, as no
// compiler does: its folder in functions/, its resource in template.yaml, the
// routes its code serves, the rights it has, the variables it reads, its
// sample event. A test that fails says what to add where; adding an endpoint
// means making these tests pass.
package wiring
