package catalog

import (
	"maps"
	"slices"
)

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
