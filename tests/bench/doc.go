// Package bench measures the hot paths: what check and track take of our own
// code, what a cold start takes, and how many calls a laptop serves. `make
// bench` runs it; docs/performance.md says how the figures are read.
package bench
