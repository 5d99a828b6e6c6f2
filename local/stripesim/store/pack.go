package store

import (
	"encoding/binary"
	"encoding/json"

	"windfall/local/squeeze"
	"windfall/local/stripesim/object"
)

// Rows of kinds that grow with customers and time are kept packed, in blocks of
// those that were written one after another, once newer ones have come: what happens to
// one customer has many ids in common. A row that is read is unpacked for a while.

const (
	warmRows   = 64        // packed rows that are unpacked, too
	sampleSize = 128 << 10 // bytes of the first block of a pile, which later ones resemble
)

// A block is packed rows. It never changes.
type block struct {
	sample *squeeze.Sample
	packed string
}

// A pile has rows that are packed together.
type pile struct {
	size   int   // rows of a block
	hot    []ref // those to be packed next, oldest first
	sample *squeeze.Sample
}

// ref is a row by its number.
type ref struct {
	kind string
	n    int32
}

// packer packs the rows of a store.
type packer struct {
	kinds   map[string]func() object.Row // of the kinds that are packed
	objects pile                         // what is read and changed again
	history pile                         // what seldom is: events, and answers to repeat
	warm    []ref
	opened  *opened

	raw, body, packed []byte // to write on
}

func newPacker(kinds map[string]func() object.Row) packer {
	return packer{kinds: kinds, objects: pile{size: 16}, history: pile{size: 40}, opened: &opened{}}
}

// Packs names the kinds whose rows are packed, and how an empty one is made. fresh
// is called for each row that was unpacked.
func (s *Store) Packs(kinds map[string]func() object.Row, fresh func(*Store, object.Row)) {
	s.packer, s.fresh = newPacker(kinds), fresh
}

// heat notes a row that was just written.
func (s *Store) heat(h *shelf, n int32) {
	if s.packer.kinds[h.kind] == nil {
		return
	}
	p := &s.packer.objects
	if h.ages != nil {
		p = &s.packer.history
	}
	p.hot = append(p.hot, ref{h.kind, n})
	if len(p.hot) >= 2*p.size { // the newest half stays as it is
		s.settle(p)
	}
}

// settle packs the oldest rows of a pile.
func (s *Store) settle(p *pile) {
	b, on := &block{sample: p.sample}, &s.packer
	raw, n := on.raw[:0], 0
	for _, one := range p.hot[:p.size] {
		h := s.shelves[one.kind]
		r := h.fluid[one.n]
		if r == nil || h.block(one.n) != nil {
			continue
		}
		raw = on.appendJSON(on.appendJSON(raw, r), r.Hidden())
		h.pack(one.n, b, n)
		n++
	}
	p.hot = append(p.hot[:0], p.hot[p.size:]...)
	on.raw, on.packed = raw, squeeze.Pack(on.packed[:0], b.sample, "", raw)
	b.packed = string(on.packed)
	if b.sample == nil && n > 0 {
		p.sample = squeeze.NewSample(raw[:min(len(raw), sampleSize)])
	}
}

// appendJSON writes the size and the JSON of what is stored, nothing for nil.
func (p *packer) appendJSON(raw []byte, v any) []byte {
	p.body = p.body[:0]
	if v != nil {
		p.body, _ = object.Append(p.body, v) // our own types always encode
	}
	return append(binary.AppendUvarint(raw, uint64(len(p.body))), p.body...)
}

// thaw unpacks a row.
func (s *Store) thaw(kind string, b *block, at int) object.Row {
	body, hidden := rowAt(s.packer.opened.of(b), at)
	r := s.packer.kinds[kind]()
	if err := json.Unmarshal(body, r); err != nil {
		panic("a packed " + kind + " can't be read: " + err.Error()) // we wrote it
	}
	if h := r.Hidden(); h != nil && len(hidden) > 0 {
		if err := json.Unmarshal(hidden, h); err != nil {
			panic("a packed " + kind + " can't be read: " + err.Error())
		}
	}
	if s.fresh != nil {
		s.fresh(s, r)
	}
	return r
}

// warmUp keeps an unpacked row for a while.
func (s *Store) warmUp(h *shelf, n int32, r object.Row) {
	if h.fluid[n] != nil {
		return
	}
	h.fluid[n] = r
	p := &s.packer
	p.warm = append(p.warm, ref{h.kind, n})
	if len(p.warm) <= 2*warmRows {
		return
	}
	for _, old := range p.warm[:warmRows] {
		if h := s.shelves[old.kind]; h.block(old.n) != nil {
			delete(h.fluid, old.n)
		}
	}
	p.warm = append(p.warm[:0], p.warm[warmRows:]...)
}

// opened are the blocks that were unpacked last: who reads a row often reads its
// neighbours next. What it returns is read before it is asked again.
type opened struct {
	blocks [8]*block
	raw    [8][]byte
	next   int
}

func (o *opened) of(b *block) []byte {
	for i, have := range o.blocks {
		if have == b {
			return o.raw[i]
		}
	}
	raw := squeeze.Unpack(o.raw[o.next][:0], b.sample, "", b.packed)
	o.blocks[o.next], o.raw[o.next] = b, raw
	o.next = (o.next + 1) % len(o.blocks)
	return raw
}

// rowAt is the JSON of a row of a block, whose text is raw.
func rowAt(raw []byte, n int) (body, hidden []byte) {
	next := func() (text []byte) {
		size, width := binary.Uvarint(raw)
		text, raw = raw[width:width+int(size)], raw[width+int(size):]
		return text
	}
	for range n {
		next()
		next()
	}
	return next(), next()
}
