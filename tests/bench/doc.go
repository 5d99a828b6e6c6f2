// Package bench measures the hot paths: the time of our own code in check and
// track, of a cold start, and the calls that a laptop serves. `make bench` runs
// it; docs/performance.md explains the figures. Allocations are counted by a test, too,
// but not under the race detector, which adds its own.
package bench
