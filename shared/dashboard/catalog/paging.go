package catalog

import (
	"net/url"
	"slices"
	"strings"

	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// perPage is how many rows a list shows.
const perPage = 50

// pageOf is the page of a list in memory that begins after an id, and the addresses of those beside it. An id that is
// not there any more begins the list.
func pageOf[V any](r *web.Request, address string, all []V, size int, id func(V) string) (page []V, links ui.Paging) {
	from := 0
	if after := r.Query("after"); after != "" {
		from = slices.IndexFunc(all, func(v V) bool { return id(v) == after }) + 1
	}
	to := min(from+size, len(all))
	if from > size {
		links.Previous = and(address, "after", id(all[from-size-1]))
	} else if from > 0 {
		links.Previous = address
	}
	if to < len(all) {
		links.Next = and(address, "after", id(all[to-1]))
	}
	return all[from:to], links
}

// mostBack is how many pages before are known in an address; further back is the first.
const mostBack = 10

// cursors are the addresses beside a page of a list of the table: the one after has the cursor that the page gave, and
// each page knows those before it.
func cursors(r *web.Request, address, next string) (links ui.Paging) {
	after, back := r.Query("after"), strings.FieldsFunc(r.Query("back"), func(c rune) bool { return c == '.' })
	if next != "" {
		before := back
		if after != "" {
			before = append(slices.Clip(back), after)
		}
		links.Next = and(and(address, "after", next), "back", strings.Join(before[max(0, len(before)-mostBack):], "."))
	}
	switch n := len(back); {
	case after == "":
	case n == 0:
		links.Previous = address
	default:
		links.Previous = and(and(address, "after", back[n-1]), "back", strings.Join(back[:n-1], "."))
	}
	return links
}

// and adds a value to the query of an address, unless it is empty.
func and(address, name, value string) string {
	if value == "" {
		return address
	}
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}
