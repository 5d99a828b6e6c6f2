package v2

import (
	"windfall/shared/api"
	"windfall/shared/api/fields"
)

// withCursors is the first version whose lists go on at a cursor; those before skip
// an offset.
var withCursors = api.Version{Major: 2, Minor: 3}

// paged is where a page of a list begins and how long it is, as it was asked for.
type paged struct {
	cursor string
	offset *int
	limit  *int
}

// pageSizes are how many entries a page has, with cursors and without.
type pageSizes struct {
	usual, most             int
	usualOffset, mostOffset int
	skip                    int // the largest offset
}

// of checks a page for a version.
func (p paged) of(v api.Version, size pageSizes) (limit, skipped int, err error) {
	most, limit := size.most, size.usual
	if !v.AtLeast(withCursors) {
		most, limit = size.mostOffset, size.usualOffset
	}
	if p.limit != nil {
		limit = *p.limit
	}
	if p.offset != nil {
		skipped = *p.offset
	}
	switch {
	case limit < 1 || limit > most:
		err = api.InvalidInputs("limit: a whole number from 1 to %d.", most)
	case skipped < 0 || skipped > size.skip:
		err = api.InvalidInputs("offset: a whole number from 0 to %d.", size.skip)
	case v.AtLeast(withCursors) && skipped > 0:
		err = api.InvalidInputs("offset: from version 2.3 on a list goes on at start_cursor, the next_cursor of the page before.")
	case !v.AtLeast(withCursors) && p.cursor != "":
		err = api.InvalidInputs("start_cursor: before version 2.3 a list goes on at an offset. Send x-api-version 2.3.0, or offset.")
	}
	return limit, skipped, err
}

// cursorPage is a page of a list from version 2.3 on.
type cursorPage struct {
	List fields.Entries `json:"list"`
	Next api.OrNull     `json:"next_cursor"` // null after the last page
}

// offsetPage is a page of a list before version 2.3.
type offsetPage struct {
	List   fields.Entries `json:"list"`
	More   bool           `json:"has_more"`
	Total  *int           `json:"total"` // null unless the page has shown the end of the list
	Limit  int            `json:"limit"`
	Offset int            `json:"offset"`
}
