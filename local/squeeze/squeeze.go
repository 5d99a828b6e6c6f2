// Package squeeze makes short texts shorter that resemble one another, such as the
// rows of a table: what a text shares with a sample, or with itself, is stored as a
// reference. It is quick rather than thorough, needs no state beside the sample,
// and packs a row of a few hundred bytes in a few microseconds.
package squeeze

import (
	"encoding/binary"
	"math/bits"
	"sync"
)

const (
	least     = 4       // bytes of a reference to a new distance
	shortest  = 3       // bytes of one to a distance of before
	tableBits = 13      // of the table of what was seen
	most      = 1 << 20 // bytes of a sample that are looked at
)

// A Sample is a text that others resemble. It never changes.
type Sample struct {
	text []byte
	bits int     // of hashes for this sample
	seen []int32 // position behind the first byte, by the hash of four
}

// NewSample keeps a copy of a text.
func NewSample(text []byte) *Sample {
	s := &Sample{text: append([]byte(nil), text[:min(len(text), most)]...)}
	s.bits = min(tableBits, bits.Len(uint(len(s.text))))
	s.seen = make([]int32, 1<<s.bits)
	for at := range max(0, len(s.text)-least+1) {
		s.seen[hash(s.text[at:])>>(tableBits-s.bits)] = int32(at + 1)
	}
	return s
}

// Behind is a sample with a text before that of s. What was packed with s is unpacked
// with it, too, as references count from the end of a sample.
func (s *Sample) Behind(text []byte) *Sample {
	return NewSample(append(append(make([]byte, 0, len(text)+len(s.text)), text...), s.text...))
}

// Size is the number of bytes of a sample.
func (s *Sample) Size() int { return len(s.text) }

func hash(b []byte) uint32 {
	return binary.LittleEndian.Uint32(b) * 2654435761 >> (32 - tableBits)
}

// A desk is what packing and unpacking work on.
type desk struct {
	window []byte
	seen   [1 << tableBits]int32
}

var desks = sync.Pool{New: func() any { return &desk{} }}

// A packed text is its size, and then steps: a byte, what is its own, and a reference
// to what came before it. The byte has, from its highest bits,
//
//	2 bits  which distance: one of the last three, or 3 for a new one at the end
//	2 bits  bytes of its own, 3 for a number that follows
//	4 bits  bytes of the reference less shortest, 15 for a number that follows
//
// The number of bytes of its own is less 3, doubled, and one more when they are letters
// (letters.go). The last step may end with what is its own. Rows that resemble one another differ in
// the same places, so most references have a distance of before.

// distances are those of the last references, the newest first.
type distances [3]int

// use moves a distance to the front.
func (d *distances) use(n int) {
	switch n {
	case d[0]:
	case d[1]:
		d[0], d[1] = n, d[0]
	default:
		d[0], d[1], d[2] = n, d[0], d[1]
	}
}

// Pack appends the packed text to out. sample may be nil; hint is a text that
// Unpack gets again, "" for none.
func Pack(out []byte, sample *Sample, hint string, text []byte) []byte {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	d.window = append(append(d.window[:0], hint...), text...)
	w, begin := d.window, len(hint)
	width := min(tableBits, max(8, bits.Len(uint(len(w)))))
	seen, shift := d.seen[:1<<width], tableBits-width
	clear(seen)
	for at := range max(0, min(begin, len(w)-least+1)) {
		seen[hash(w[at:])>>shift] = int32(at + 1)
	}
	var known []byte
	if sample != nil {
		known = sample.text
	}
	out = binary.AppendUvarint(out, uint64(len(text)))
	var last distances
	from := begin // of what is not written yet
	for at := begin; at+least <= len(w); {
		length, back := last.longest(known, w, at)
		h := hash(w[at:])
		paid := length + 2 // a new distance takes more bytes
		if p := int(seen[h>>shift]) - 1; p >= 0 {
			if n := same(w[p:], w[at:]); n >= least && n > paid {
				length, back, paid = n, at-p, n
			}
		}
		if sample != nil {
			if p := int(sample.seen[h>>(tableBits-sample.bits)]) - 1; p >= 0 {
				if n := same(known[p:], w[at:]); n >= least && n > paid {
					length, back = n, at+len(known)-p
				}
			}
		}
		seen[h>>shift] = int32(at + 1)
		if length < shortest {
			at++
			continue
		}
		out = last.step(out, w[from:at], length, back)
		for next := at + 1; next < at+length && next+least <= len(w); next += 3 {
			seen[hash(w[next:])>>shift] = int32(next + 1)
		}
		at += length
		from = at
	}
	if from < len(w) {
		out = last.own(append(out, 0), w[from:])
	}
	return out
}

// longest is the best reference with a distance of before.
func (d *distances) longest(known, w []byte, at int) (length, back int) {
	for _, one := range d {
		n := 0
		switch p := at - one; {
		case one == 0:
		case p >= 0:
			n = same(w[p:], w[at:])
		case p+len(known) >= 0:
			n = same(known[p+len(known):], w[at:])
		}
		if n >= shortest && n > length {
			length, back = n, one
		}
	}
	return length, back
}

// step writes what is its own, and a reference.
func (d *distances) step(out, own []byte, length, back int) []byte {
	which := 3
	for i := len(d) - 1; i >= 0; i-- {
		if d[i] == back {
			which = i
		}
	}
	out = d.own(append(out, byte(which<<6|min(length-shortest, 15))), own)
	if length -= shortest; length >= 15 {
		out = binary.AppendUvarint(out, uint64(length-15))
	}
	if which == 3 {
		out = binary.AppendUvarint(out, uint64(back))
	}
	d.use(back)
	return out
}

// own writes what is its own behind the byte of its step.
func (*distances) own(out, own []byte) []byte {
	out[len(out)-1] |= byte(min(len(own), 3) << 4)
	if len(own) < 3 {
		return append(out, own...)
	}
	n := uint64(len(own)-3) << 1
	if spelled(own) {
		return spell(binary.AppendUvarint(out, n|1), own)
	}
	return append(binary.AppendUvarint(out, n), own...)
}

// same is how far two texts agree.
func same(a, b []byte) int {
	n, i := min(len(a), len(b)), 0
	for ; i+8 <= n; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}
	for ; i < n && a[i] == b[i]; i++ {
	}
	return i
}

// Unpack appends the text to out. sample and hint are those of Pack.
func Unpack(out []byte, sample *Sample, hint, packed string) []byte {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	var known []byte
	if sample != nil {
		known = sample.text
	}
	w := append(d.window[:0], hint...)
	begin := len(w)
	size, packed := number(packed)
	var last distances
	for end := begin + size; len(w) < end; {
		step := int(packed[0])
		packed = packed[1:]
		if w, packed = readOwn(w, packed, step>>4&3); len(w) >= end {
			break
		}
		n := step & 15
		if n == 15 {
			n, packed = number(packed)
			n += 15
		}
		var back int
		if which := step >> 6; which < 3 {
			back = last[which]
		} else {
			back, packed = number(packed)
		}
		last.use(back)
		w = repeat(w, known, back, n+shortest)
	}
	d.window = w
	return append(out, w[begin:]...)
}

// readOwn appends what is its own of a step; n is what the step says of it.
func readOwn(w []byte, packed string, n int) (text []byte, rest string) {
	if n == 3 {
		n, packed = number(packed)
		if n&1 == 1 {
			return read(w, packed, n>>1+3)
		}
		n = n>>1 + 3
	}
	return append(w, packed[:n]...), packed[n:]
}

// repeat appends n bytes of before, or of what is known.
func repeat(w, known []byte, back, n int) []byte {
	for n > 0 {
		p, k := len(w)-back, min(n, back)
		if p < 0 {
			p += len(known)
			k = min(n, len(known)-p)
			w = append(w, known[p:p+k]...)
		} else {
			w = append(w, w[p:p+k]...)
		}
		n -= k
	}
	return w
}

// number reads a number at the start of a text.
func number(text string) (int, string) {
	n, shift := 0, 0
	for i := range len(text) {
		n |= int(text[i]&0x7f) << shift
		if text[i] < 0x80 {
			return n, text[i+1:]
		}
		shift += 7
	}
	return n, ""
}

// Number reads a number that binary.AppendUvarint wrote at the start of a text.
func Number(text string) (int, string) { return number(text) }
