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
	for kind, rows := range s.rows {
		c.rows[kind] = maps.Clone(rows)
	}
	c.fluid = maps.Clone(s.fluid)
	for kind, ages := range s.made {
		c.made[kind] = slices.Clone(ages)
	}
	c.remade = maps.Clone(s.remade)
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

func (p packer) clone() packer {
	c := packer{kinds: p.kinds, hot: map[string][]string{}, warm: slices.Clone(p.warm), sample: maps.Clone(p.sample), opened: &opened{}}
	for kind, ids := range p.hot {
		c.hot[kind] = slices.Clone(ids)
	}
	return c
}
