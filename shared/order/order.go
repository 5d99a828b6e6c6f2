// Package order sorts. It is there for size alone: the sort of the standard library is
// made anew for each type of element, which is 15 KB of every Lambda that has it; pointers
// of all types share one.
package order

import "slices"

// Stable sorts a list in place; elements that compare as equal stay in their order.
func Stable[T any](list []T, compare func(a, b *T) int) {
	refs := make([]*T, len(list))
	for i := range list {
		refs[i] = &list[i]
	}
	slices.SortStableFunc(refs, compare)
	sorted := make([]T, len(list))
	for i, r := range refs {
		sorted[i] = *r
	}
	copy(list, sorted)
}
