package order

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

type entry struct{ Key, Place int }

// It is the stable sort of the standard library, in another form.
func TestStableSortsAsTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []entry
		for i, key := range rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "keys") {
			list = append(list, entry{key, i})
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, func(a, b entry) int { return cmp.Compare(a.Key, b.Key) })
		Stable(list, func(a, b *entry) int { return cmp.Compare(a.Key, b.Key) })
		if !slices.Equal(list, want) {
			t.Fatalf("got %v, want %v", list, want)
		}
	})
}
