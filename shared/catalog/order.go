package catalog

import (
	"maps"
	"slices"

	"windfall/shared/order"
)

func sortedByID(byGroup map[string]Product) []Product {
	out := slices.Collect(maps.Values(byGroup))
	order.Stable(out, func(a, b *Product) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}
