package store

import (
	"hash/maphash"
	"iter"
	"maps"
	"slices"

	"windfall/local/stripesim/object"
)

// A shelf has the rows of one kind, by the number that each got as it was made. A row
// that is packed takes few bytes here: its id is in the block alone.
type shelf struct {
	kind   string
	first  int32                // number of the first row; those before it are forgotten
	blocks []*block             // where a row is packed, nil for one that is not
	at     []uint8              // which row of the block it is
	fluid  map[int32]object.Row // rows that are there unpacked
	ids    map[uint32]int32     // hash of an id -> number
	twins  map[string]int32     // id -> number, where the hash is that of another's id
	owned  map[uint32]int32     // hash of an owner -> number of the newest row that may be theirs
	before []int32              // the row that was there before, 0 for none; only for kinds with owners
	ages   []age                // only for kinds that are forgotten
	remade bool                 // whether a row of such a kind was made again
}

// An age is when a row, and those of the numbers after it, were made.
type age struct {
	made int64
	from int32
}

func newShelf(kind string) *shelf {
	return &shelf{kind: kind, first: 1, fluid: map[int32]object.Row{}, ids: map[uint32]int32{}, twins: map[string]int32{}, owned: map[uint32]int32{}}
}

func (h *shelf) clone() *shelf {
	c := *h
	c.blocks, c.at, c.before, c.ages = slices.Clone(h.blocks), slices.Clone(h.at), slices.Clone(h.before), slices.Clone(h.ages)
	c.fluid, c.ids, c.twins, c.owned = maps.Clone(h.fluid), maps.Clone(h.ids), maps.Clone(h.twins), maps.Clone(h.owned)
	return &c
}

var seed = maphash.MakeSeed()

func hash(text string) uint32 { return uint32(maphash.String(seed, text)) }

// count is the number of rows.
func (h *shelf) count() int { return len(h.ids) + len(h.twins) }

// end is the number of the next row.
func (h *shelf) end() int32 { return h.first + int32(len(h.blocks)) }

// numbers are those of the rows that are there, as made.
func (h *shelf) numbers() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for n := h.first; n < h.end(); n++ {
			if (h.block(n) != nil || h.fluid[n] != nil) && !yield(n) {
				return
			}
		}
	}
}

// block is where a row is packed, nil for one that is not.
func (h *shelf) block(n int32) *block {
	if n < h.first {
		return nil
	}
	return h.blocks[n-h.first]
}

// add makes room for a row, and returns its number.
func (h *shelf) add(id string) int32 {
	n := h.end()
	h.blocks, h.at = append(h.blocks, nil), append(h.at, 0)
	if at := hash(id); h.ids[at] == 0 {
		h.ids[at] = n
	} else {
		h.twins[id] = n
	}
	return n
}

// put has a row unpacked.
func (h *shelf) put(n int32, r object.Row) { h.fluid[n], h.blocks[n-h.first] = r, nil }

// pack has a row in a block alone.
func (h *shelf) pack(n int32, b *block, at int) {
	h.blocks[n-h.first], h.at[n-h.first] = b, uint8(at)
	delete(h.fluid, n)
}

// drop forgets a row; its number stays its own.
func (h *shelf) drop(n int32, r object.Row) {
	h.own(n, r.Owner(), "")
	if at := hash(r.Key()); h.ids[at] == n {
		delete(h.ids, at)
	} else {
		delete(h.twins, r.Key())
	}
	h.put(n, nil)
	delete(h.fluid, n)
}

// cut forgets all rows before a number.
func (h *shelf) cut(n int32) {
	gone := n - h.first
	h.first, h.blocks, h.at = n, slices.Clone(h.blocks[gone:]), slices.Clone(h.at[gone:])
	h.before = slices.Clone(h.before[min(len(h.before), int(gone)):])
	old, _ := slices.BinarySearchFunc(h.ages, n+1, func(a age, n int32) int { return int(a.from) - int(n) })
	h.ages = slices.Clone(h.ages[max(0, old-1):])
	maps.DeleteFunc(h.fluid, func(old int32, _ object.Row) bool { return old < n })
	maps.DeleteFunc(h.ids, func(_ uint32, old int32) bool { return old < n })
	maps.DeleteFunc(h.twins, func(_ string, old int32) bool { return old < n })
}

// own moves a row from an owner to another one; "" is nobody.
func (h *shelf) own(n int32, from, to string) {
	if from == to {
		return
	}
	if from != "" {
		at := hash(from)
		if h.owned[at] == n {
			h.owned[at] = h.before[n-h.first]
		} else if after := h.after(at, n); after != 0 {
			h.before[after-h.first] = h.before[n-h.first]
		}
	}
	if to != "" {
		for len(h.before) < len(h.blocks) {
			h.before = append(h.before, 0)
		}
		at := hash(to)
		h.before[n-h.first], h.owned[at] = h.owned[at], n
	}
}

// after is the row behind which another one of the same owner follows.
func (h *shelf) after(owner uint32, n int32) int32 {
	next := h.owned[owner]
	for next != 0 && h.before[next-h.first] != n {
		next = h.before[next-h.first]
	}
	return next
}

// of are the rows of an owner as created, and perhaps some of others. A row that came to
// them later than newer ones is no exception: after a compaction of the file nothing tells.
func (h *shelf) of(owner string) []int32 {
	var out []int32
	for n := h.owned[hash(owner)]; n != 0; n = h.before[n-h.first] {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
