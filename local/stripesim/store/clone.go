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
	c.fresh, c.packer = s.fresh, s.packer.clone()
	for kind, h := range s.shelves {
		c.shelves[kind] = h.clone()
	}
	for clock, d := range s.dues {
		c.dues[clock] = &dueList{heap: slices.Clone(d.heap), current: maps.Clone(d.current), n: d.n}
	}
	return c
}

func (p packer) clone() packer {
	p.opened, p.warm = &opened{}, slices.Clone(p.warm)
	p.raw, p.body, p.packed = nil, nil, nil
	p.objects.hot, p.history.hot = slices.Clone(p.objects.hot), slices.Clone(p.history.hot)
	return p
}
