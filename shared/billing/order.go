package billing

import (
	"maps"
	"slices"
)

// sortedKeys gives maps one order, so that a decision made twice is the same
// decision.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedByID(byGroup map[string]Product) []Product {
	out := slices.Collect(maps.Values(byGroup))
	slices.SortStableFunc(out, func(a, b Product) int { // as elsewhere: each kind of sort of a type is 15 KB of a Lambda
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}
