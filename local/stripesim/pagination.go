package stripesim

import (
	"slices"

	"windfall/local/stripesim/object"
)

// pageOf is any page, for code that does not care of what.
type pageOf interface {
	rows() []any
	outlined() object.List[any]
}

type page[T any] struct{ object.List[T] }

func (p page[T]) rows() []any {
	out := make([]any, len(p.Data))
	for i, r := range p.Data {
		out[i] = r
	}
	return out
}

func (p page[T]) outlined() object.List[any] { return outlines(p.List) }

// pageNewest is one page of a list, newest first. rows come as created.
func pageNewest[T object.Row](c *call, rows []T, keep func(T) bool) (any, error) {
	newest := make([]T, 0, len(rows))
	for _, r := range slices.Backward(rows) {
		if keep == nil || keep(r) {
			newest = append(newest, r)
		}
	}
	return pageOfRows(c, newest, func(r T) string { return r.Key() })
}

// candidates are the objects of which a list is made: those of one owner, where a
// parameter names it, or all.
func candidates[T object.Row](c *call, owner string) []T {
	if who := c.p.Str(owner); who != "" {
		return ownedBy[T](c.tx, who)
	}
	return all[T](c.tx)
}

// pageOfRows is one page of a list in the order given.
//
// https://docs.stripe.com/api/pagination
func pageOfRows[T any](c *call, rows []T, id func(T) string) (any, error) {
	limit, err := pageSize(c)
	if err != nil {
		return nil, err
	}
	from, to := 0, len(rows)
	if after := c.p.Str("starting_after"); after != "" {
		i := slices.IndexFunc(rows, func(r T) bool { return id(r) == after })
		if i < 0 {
			return nil, missing("object", after, "starting_after")
		}
		from = i + 1
	}
	if before := c.p.Str("ending_before"); before != "" {
		i := slices.IndexFunc(rows, func(r T) bool { return id(r) == before })
		if i < 0 {
			return nil, missing("object", before, "ending_before")
		}
		to = i
		more := to-from > limit
		from = max(from, to-limit)
		return listing(c, rows[from:to], more), nil
	}
	more := to-from > limit
	return listing(c, rows[from:min(to, from+limit)], more), nil
}

func listing[T any](c *call, rows []T, more bool) any {
	l := object.NewList(c.url, slices.Clone(rows))
	l.HasMore = more
	return page[T]{l}
}

func pageSize(c *call) (int, error) {
	if c.p.Given("starting_after") && c.p.Given("ending_before") {
		return 0, invalid("starting_after", "You may only specify one of these parameters: starting_after, ending_before.")
	}
	if !c.p.Given("limit") {
		return 10, nil
	}
	n := c.p.Int("limit")
	if n < 1 || n > 100 {
		return 0, invalidCode("parameter_invalid_integer", "limit", "This value must be between 1 and 100 (inclusive)")
	}
	return int(n), nil
}
