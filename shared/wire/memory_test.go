package wire

import (
	"math"
	"runtime/debug"
	"testing"
)

// Garbage waits, but never until Lambda would kill the process.
func TestTheMemoryOfAFunctionBoundsItsGarbage(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	for _, tt := range []struct {
		memory, limit, gc string
		wantLimit         int64 // MB; 0 is none
		wantPercent       int
	}{
		{"", "", "", 0, 100},
		{"many", "", "", 0, 100},
		{"0", "", "", 0, 100},
		{"128", "", "", 96, 400},
		{"256", "", "", 192, 400},
		{"512", "", "", 384, 400},
		{"512", "100MiB", "", 0, 400}, // Go has read them itself
		{"512", "", "50", 384, 100},
	} {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		t.Setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", tt.memory)
		t.Setenv("GOMEMLIMIT", tt.limit)
		t.Setenv("GOGC", tt.gc)
		collectRarely()
		limit := debug.SetMemoryLimit(-1)
		if tt.wantLimit == 0 && limit != math.MaxInt64 || tt.wantLimit > 0 && (limit+1<<19)>>20 != tt.wantLimit {
			t.Errorf("%+v: the limit is %d", tt, limit)
		}
		if got := debug.SetGCPercent(100); got != tt.wantPercent {
			t.Errorf("%+v: GOGC is %d", tt, got)
		}
	}
}
