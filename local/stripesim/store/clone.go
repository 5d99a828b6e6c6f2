package store

import (
	"maps"
	"slices"
)

// Clone is a store of its own with the same objects: those are never changed
// once they are committed, only replaced.
func (s *Store) Clone() *Store {
	c := New(s.plan)
	c.Seq, c.Requests = s.Seq, s.Requests
	c.rows, c.owner = maps.Clone(s.rows), maps.Clone(s.owner)
	for kind, ids := range s.order {
		c.order[kind] = slices.Clone(ids)
	}
	for at, ids := range s.owned {
		c.owned[at] = slices.Clone(ids)
	}
	for clock, d := range s.dues {
		c.dues[clock] = &dueList{heap: slices.Clone(d.heap), current: maps.Clone(d.current), n: d.n}
	}
	return c
}
