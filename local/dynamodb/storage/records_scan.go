package storage

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"windfall/local/dynamodb/keys"
)

// scanBytes is how much of a hash a key begins with.
const scanBytes = 2

// scanHash orders partitions by a hash, so that no caller can rely on a sorted
// scan: on AWS it is not sorted.
func scanHash(partition string) []byte {
	sum := uint64(14695981039346656037) // FNV-1a
	for i := range len(partition) {
		sum = (sum ^ uint64(partition[i])) * 1099511628211
	}
	sum ^= sum >> 29 // FNV's high bits barely move for short keys; segments are cut by them
	sum *= 0xbf58476d1ce4e5b9
	sum ^= sum >> 32
	return []byte{byte(sum >> 56), byte(sum >> 48), byte(sum >> 40), byte(sum >> 32),
		byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

// All yields every record in the order of a scan, beginning behind a place.
func (s *Records) All(after *keys.Place) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		from := ""
		if after != nil {
			from = keyOf(*after) + "\x00"
		}
		for e := range s.rows.ascend(from) {
			if !yield(s.record(e)) {
				return
			}
		}
	}
}

// Segment keeps the records of one segment of a parallel scan: the hashes of
// partitions are divided into total equal ranges, counted from 0.
func Segment(records iter.Seq[*Record], wanted, total int) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		for r := range records {
			part, _ := bits.Mul64(binary.BigEndian.Uint64(scanHash(r.Partition)), uint64(total))
			if part == uint64(wanted) && !yield(r) {
				return
			}
		}
	}
}
