// Package wiring compares the parts of an endpoint, as no compiler does: its
// folder in functions/, its resource in template.yaml, the routes of its code,
// its rights, its variables, its sample event. A failing test says what to add
// where; adding an endpoint means making these tests pass.
package wiring
