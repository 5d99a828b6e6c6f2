package store

import (
	"encoding/binary"
	"encoding/json"
	"slices"

	"windfall/local/squeeze"
	"windfall/local/stripesim/object"
)

// Rows of kinds that grow with customers and time are kept packed, in blocks of
// neighbours that resemble one another, once newer ones have come. A row that is
// read is unpacked for a while.

const (
	blockRows  = 16       // rows of a block
	eventRows  = 40       // the same of events: seldom read again, and much alike
	warmRows   = 64       // packed rows that are unpacked, too
	sampleSize = 32 << 10 // bytes of the first block of a kind, which later ones resemble
)

// A slot is where a row is: as it is, in a block, or both.
type slot struct {
	row   object.Row // nil: only in the block
	block *block     // nil: not packed
	at    int        // in the block
}

// A place is the part of a slot that every row has.
type place struct {
	block *block
	at    int32
}

func (s *Store) slot(k Key) (slot, bool) {
	at, ok := s.rows[k.Kind][k.ID]
	if !ok {
		return slot{}, false
	}
	return slot{row: s.fluid[k], block: at.block, at: int(at.at)}, true
}

func (s *Store) set(k Key, at slot) {
	rows := s.rows[k.Kind]
	if rows == nil {
		rows = map[string]place{}
		s.rows[k.Kind] = rows
	}
	rows[k.ID] = place{at.block, int32(at.at)} // below the rows of a block
	if at.row == nil {
		delete(s.fluid, k)
	} else {
		s.fluid[k] = at.row
	}
}

func (s *Store) drop(k Key) {
	delete(s.rows[k.Kind], k.ID)
	delete(s.fluid, k)
	s.unschedule(k)
}

// A block is packed rows. It never changes.
type block struct {
	sample *squeeze.Sample
	packed string
}

// packer packs the rows of a store.
type packer struct {
	kinds  map[string]func() object.Row // of the kinds that are packed
	hot    map[string][]string          // ids, oldest first
	warm   []Key
	sample map[string]*squeeze.Sample
	opened *opened
}

// Packs names the kinds whose rows are packed, and how an empty one is made. fresh
// is called for each row that was unpacked.
func (s *Store) Packs(kinds map[string]func() object.Row, fresh func(*Store, object.Row)) {
	s.packer = packer{kinds: kinds, hot: map[string][]string{}, sample: map[string]*squeeze.Sample{}, opened: &opened{}}
	s.fresh = fresh
}

// settle packs the oldest rows of a kind when there are enough.
func (s *Store) settle(kind string) {
	p := &s.packer
	size := blockRows
	if kind == "event" {
		size = eventRows
	}
	if len(p.hot[kind]) < 2*size { // the newest half stays as it is
		return
	}
	ids := p.hot[kind][:size]
	var raw []byte
	b := &block{sample: p.sample[kind]}
	n := 0
	for _, id := range ids {
		at, ok := s.slot(Key{kind, id})
		if !ok || at.row == nil || at.block != nil {
			continue
		}
		body, _ := object.Encode(at.row) // our own types always encode
		raw = append(binary.AppendUvarint(raw, uint64(len(body))), body...)
		body = body[:0]
		if h := at.row.Hidden(); h != nil {
			body, _ = object.Encode(h)
		}
		raw = append(binary.AppendUvarint(raw, uint64(len(body))), body...)
		s.set(Key{kind, id}, slot{block: b, at: n})
		n++
	}
	p.hot[kind] = append([]string(nil), p.hot[kind][size:]...)
	b.packed = string(squeeze.Pack(nil, b.sample, "", raw))
	if b.sample == nil && n > 0 {
		p.sample[kind] = squeeze.NewSample(raw[:min(len(raw), sampleSize)])
	}
}

// heat notes a row that was just written.
func (s *Store) heat(k Key, was slot, known bool) {
	p := &s.packer
	if p.kinds[k.Kind] == nil || known && was.block == nil {
		return
	}
	p.hot[k.Kind] = append(p.hot[k.Kind], k.ID)
	s.settle(k.Kind)
}

// thaw unpacks a row, and keeps it so for a while.
func (s *Store) thaw(k Key, at slot) object.Row {
	body, hidden := rowAt(s.packer.opened.of(at.block), at.at)
	r := s.packer.kinds[k.Kind]()
	if err := json.Unmarshal(body, r); err != nil {
		panic("a packed " + k.Kind + " can't be read: " + err.Error()) // we wrote it
	}
	if h := r.Hidden(); h != nil && len(hidden) > 0 {
		if err := json.Unmarshal(hidden, h); err != nil {
			panic("a packed " + k.Kind + " can't be read: " + err.Error())
		}
	}
	if s.fresh != nil {
		s.fresh(s, r)
	}
	return r
}

// warmUp keeps an unpacked row for a while.
func (s *Store) warmUp(k Key, at slot, r object.Row) {
	p := &s.packer
	at.row = r
	s.set(k, at)
	p.warm = append(p.warm, k)
	if len(p.warm) <= 2*warmRows {
		return
	}
	for _, old := range p.warm[:warmRows] {
		if at, ok := s.slot(old); ok && at.block != nil {
			s.set(old, slot{block: at.block, at: at.at})
		}
	}
	p.warm = append([]Key(nil), p.warm[warmRows:]...)
}

// opened are the blocks that were unpacked last: who reads a row often reads its
// neighbours next.
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
	raw := squeeze.Unpack(nil, b.sample, "", b.packed)
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

// made is when a row was made, for those that are forgotten after a while.
type made interface{ Made() int64 }

// Expire forgets the rows of a kind that were made before a time, when there are more
// than keep of the kind and enough of them are as old. Those that were made again
// since stay.
func (s *Store) Expire(kind string, keep int, before int64) {
	ages, ids, n := s.made[kind], s.order[kind], 0
	over, _ := slices.BinarySearch(ages, before)
	if len(ages) <= keep || over < 64+len(ages)/8 { // moving the others must pay
		return
	}
	var again []string
	for n < len(ages) && ages[n] < before {
		if s.remade[kind] && s.madeSince(Key{kind, ids[n]}, before) {
			again = append(again, ids[n])
		} else {
			s.drop(Key{kind, ids[n]})
		}
		n++
	}
	s.order[kind] = append(append([]string(nil), ids[n:]...), again...)
	s.made[kind] = append([]int64(nil), ages[n:]...)
	for range again {
		s.made[kind] = append(s.made[kind], s.newest(kind, before))
	}
}

// madeSince tells whether a row was made again.
func (s *Store) madeSince(k Key, at int64) bool {
	r, ok := s.Get(k)
	return ok && r.(made).Made() >= at
}

func (s *Store) newest(kind string, at int64) int64 {
	if ages := s.made[kind]; len(ages) > 0 {
		return max(at, ages[len(ages)-1])
	}
	return at
}

// age notes when a new row was made.
func (s *Store) age(k Key, r object.Row, known bool) {
	m, ok := r.(made)
	if !ok {
		return
	}
	if known {
		s.remade[k.Kind] = s.remade[k.Kind] || k.Kind != "event"
		return
	}
	s.made[k.Kind] = append(s.made[k.Kind], s.newest(k.Kind, m.Made()))
}

// Present calls f for each row that is not packed.
func (s *Store) Present(f func(object.Row)) {
	for kind, ids := range s.order {
		for _, id := range ids {
			if r := s.fluid[Key{kind, id}]; r != nil {
				f(r)
			}
		}
	}
}
