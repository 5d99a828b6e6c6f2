package dynamodb

import (
	"encoding/binary"
	"hash/fnv"
	"iter"
	"math/bits"
)

// scanPosition orders partitions by a hash, so that nobody comes to rely on a
// scan being sorted: on AWS it is not.
func scanPosition(partition string) string {
	return string(scanHash(partition)) + partition
}

func scanHash(partition string) []byte {
	h := fnv.New64a()
	h.Write([]byte(partition))
	sum := h.Sum64()
	sum ^= sum >> 29 // FNV's high bits barely move for short keys; segments are cut by them
	sum *= 0xbf58476d1ce4e5b9
	sum ^= sum >> 32
	return []byte{byte(sum >> 56), byte(sum >> 48), byte(sum >> 40), byte(sum >> 32),
		byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}
}

// all yields every record in the order of a scan, beginning behind a place.
func (s *records) all(after *place) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		from := ""
		if after != nil {
			from = scanPosition(after.partition)
		}
		for position, partition := range s.scan.ascend(from) {
			low := ""
			if after != nil && position == from {
				low = after.position + "\x00"
			}
			for _, r := range partition.ascend(low) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// segment keeps the records whose partition falls into one of equal parts of
// the range of hashes.
func segment(records iter.Seq[*record], wanted, total int) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for r := range records {
			part, _ := bits.Mul64(binary.BigEndian.Uint64(scanHash(r.partition)), uint64(total))
			if part == uint64(wanted) && !yield(r) {
				return
			}
		}
	}
}
