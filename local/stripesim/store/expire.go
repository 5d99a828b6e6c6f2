package store

import (
	"cmp"
	"maps"
	"slices"

	"windfall/local/stripesim/object"
)

// made is when a row was made, for those that are forgotten after a while. They have no
// owner.
type made interface{ Made() int64 }

// note notes when a new row was made.
func (h *shelf) note(n int32, r object.Row, known bool) {
	m, ok := r.(made)
	switch {
	case !ok:
	case known:
		h.remade = h.remade || h.kind != "event"
	case len(h.ages) == 0 || h.ages[len(h.ages)-1].made < m.Made():
		h.ages = append(h.ages, age{m.Made(), n})
	}
}

// youngerThan is the number of the first row that was not made before a time.
func (h *shelf) youngerThan(time int64) int32 {
	at, _ := slices.BinarySearchFunc(h.ages, time, func(a age, time int64) int { return cmp.Compare(a.made, time) })
	if at == len(h.ages) {
		return h.end()
	}
	return max(h.first, h.ages[at].from)
}

// Expire forgets the rows of a kind that were made before a time, when there are more
// than keep of the kind and enough of them are as old. Those that were made again
// since stay.
func (s *Store) Expire(kind string, keep int, before int64) {
	h := s.shelf(kind)
	first := h.youngerThan(before)
	if over := int(first - h.first); h.count() <= keep || over < 64+h.count()/8 { // moving the others must pay
		return
	}
	var again []object.Row
	if h.remade {
		for n := range h.numbers() {
			if r := s.row(h, n); n < first && r.(made).Made() >= before {
				again = append(again, r)
			}
		}
	}
	s.forget(h, first)
	for _, r := range again {
		s.Save(r)
	}
}

// Trim forgets the oldest fifth of a kind when there are more than most.
func (s *Store) Trim(kind string, most int) {
	if h := s.shelf(kind); h.count() > most {
		s.forget(h, h.first+int32(most/5))
	}
}

// forget forgets all rows of a shelf before a number.
func (s *Store) forget(h *shelf, n int32) {
	h.cut(n)
	for _, d := range s.dues {
		maps.DeleteFunc(d.current, func(k Key, _ int64) bool {
			if k.Kind != h.kind {
				return false
			}
			_, r := s.lookup(k)
			return r == nil
		})
	}
}
