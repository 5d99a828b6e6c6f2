package wire

import (
	"os"
	"runtime/debug"
	"strconv"
)

// A call leaves some tens of kilobytes of garbage over a heap of a few megabytes:
// as Go collects by default, at twice that heap, a sixth of the processor time of a
// check goes into it.
const (
	collectAt   = 400 // percent of the live heap that may be garbage; Go's default is 100
	heapPercent = 75  // of the function's memory; the rest is for the program, its stacks and a burst
)

// collectRarely trades memory that Lambda bills anyway for processor time: garbage is
// collected at five times the live heap, or as soon as Go's memory nears the
// function's. The limit follows the memory that is set in template.yaml or on the
// console. GOGC or GOMEMLIMIT of the environment counts instead.
func collectRarely() {
	memory, err := strconv.ParseInt(optional("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), 10, 64) // MB
	if err != nil || memory <= 0 {
		return // no Lambda: without a limit the default is safer
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory << 20 / 100 * heapPercent)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
