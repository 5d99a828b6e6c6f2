package wire

import (
	"slices"
	"sync"
	"testing"
)

// Ids sort by the order they were made in, even within a millisecond; made at
// the same moment by many, no two are equal.
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
