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
	least     = 4       // bytes of a reference that pays
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

func hash(b []byte) uint32 {
	return binary.LittleEndian.Uint32(b) * 2654435761 >> (32 - tableBits)
}

// A desk is what packing and unpacking work on.
type desk struct {
	window []byte
	seen   [1 << tableBits]int32
}

var desks = sync.Pool{New: func() any { return &desk{} }}

// Pack appends the packed text to out. sample may be nil; hint is a text that
// Unpack gets again, "" for none.
func Pack(out []byte, sample *Sample, hint string, text []byte) []byte {
	d := desks.Get().(*desk)
	defer desks.Put(d)
	clear(d.seen[:])
	d.window = append(append(d.window[:0], hint...), text...)
	w, begin := d.window, len(hint)
	for at := range max(0, min(begin, len(w)-least+1)) {
		d.seen[hash(w[at:])] = int32(at + 1)
	}
	known := 0
	if sample != nil {
		known = len(sample.text)
	}
	out = binary.AppendUvarint(out, uint64(len(text)))
	from := begin // of what is not written yet
	for at := begin; at+least <= len(w); {
		h := hash(w[at:])
		length, back := 0, 0
		if p := int(d.seen[h]) - 1; p >= 0 {
			length, back = same(w[p:], w[at:]), at-p
		}
		if sample != nil && length < 2*least {
			if p := int(sample.seen[h>>(tableBits-sample.bits)]) - 1; p >= 0 {
				if n := same(sample.text[p:], w[at:]); n > length+1 {
					length, back = n, at+known-p
				}
			}
		}
		d.seen[h] = int32(at + 1)
		if length < least || length == least && back >= 1<<14 {
			at++
			continue
		}
		out = binary.AppendUvarint(out, uint64(at-from))
		out = append(out, w[from:at]...)
		out = binary.AppendUvarint(out, uint64(length-least))
		out = binary.AppendUvarint(out, uint64(back))
		for next := at + 1; next < at+length && next+least <= len(w); next += 3 {
			d.seen[hash(w[next:])] = int32(next + 1)
		}
		at += length
		from = at
	}
	out = binary.AppendUvarint(out, uint64(len(w)-from))
	return append(out, w[from:]...)
}

// same is how far two texts agree.
func same(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
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
	for end := begin + size; ; {
		var n int
		n, packed = number(packed)
		w = append(w, packed[:n]...)
		if packed = packed[n:]; len(w) >= end {
			break
		}
		var back int
		n, packed = number(packed)
		back, packed = number(packed)
		for n += least; n > 0; {
			p, k := len(w)-back, min(n, back)
			if p < 0 { // in the sample
				p += len(known)
				k = min(n, len(known)-p)
				w = append(w, known[p:p+k]...)
			} else {
				w = append(w, w[p:p+k]...)
			}
			n -= k
		}
	}
	d.window = w
	return append(out, w[begin:]...)
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
