package payments

import (
	"maps"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76/form"

	"windfall/shared/pageparams"
)

// passOn adds the caller's parameters of the page, as filtered by
// billing.PageParams. They override ours, but never the metadata that ties the
// page to its operation.
func passOn(values *form.Values, extra map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if !ours(name) {
			values.Set(name, extra[name])
		}
	}
}

// ours reports whether a parameter is metadata that we rely on.
func ours(name string) bool {
	return slices.ContainsFunc(pageparams.OwnMetadata, func(key string) bool {
		return strings.HasSuffix(name, "metadata["+key+"]") || strings.HasSuffix(name, "[metadata]["+key+"]")
	})
}
