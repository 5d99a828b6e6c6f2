package wire

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

// pause does not wait for a try that has no time left.
func TestAPauseEndsBeforeTheTimeDoes(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]bool{time.Hour: true, lastTry / 2: false, -time.Second: false} {
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(left))
		if got := pause(ctx, 0); got != want {
			t.Errorf("with %s left: %t", left, got)
		}
		cancel()
	}
	if !pause(t.Context(), 0) {
		t.Error("without a deadline there is always time")
	}
}

// Ids sort by the order of their creation, even within a millisecond; created
// concurrently, no two are equal.
func TestIDsSortByTheOrderTheyWereMadeIn(t *testing.T) {
	t.Parallel()
	made := make([][]string, 4)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			for range 2000 {
				made[i] = append(made[i], newID())
			}
		})
	}
	all.Wait()
	for _, ids := range made {
		if !slices.IsSorted(ids) {
			t.Error("ids of one caller are out of order")
		}
	}
	together := slices.Concat(made...)
	slices.Sort(together)
	if n := len(slices.Compact(together)); n != 8000 {
		t.Errorf("%d ids are different, want 8000", n)
	}
}
