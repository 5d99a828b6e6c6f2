package customers

import (
	"strings"

	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// A cursor leads forwards only. So the address of a page holds the cursors of those before it,
// the first of which is none.
const (
	backSep   = "."
	firstPage = "0"
	mostBack  = 20 // keeps addresses short: further back one goes by the first page
)

// paging leads to the pages before and after; address is that of the first one.
func paging(r *web.Request, address, next string) (p ui.Paging) {
	here, trail := r.Query("cursor"), strings.Split(r.Query("back"), backSep)
	if here != "" {
		last := trail[len(trail)-1]
		if last == firstPage {
			last = ""
		}
		p.Previous = extended(address, "cursor", last, "back", strings.Join(trail[:len(trail)-1], backSep))
	} else {
		here, trail = firstPage, nil
	}
	if next != "" {
		if r.Query("back") == "" {
			trail = nil
		}
		trail = append(trail, here)
		p.Next = extended(address, "cursor", next, "back", strings.Join(trail[max(0, len(trail)-mostBack):], backSep))
	}
	return p
}

// extended adds to the query of an address.
func extended(address string, pairs ...string) string {
	more := ui.With("", pairs...)
	if strings.Contains(address, "?") {
		more = strings.Replace(more, "?", "&", 1)
	}
	return address + more
}
