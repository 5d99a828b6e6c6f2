package dynamodb

import (
	"hash/fnv"
	"iter"
)

// record is a stored item or index entry; it is never changed, only replaced.
type record struct {
	place
	attributes item
	size       int
}

// storage holds the records of a table or an index by partition, and in each
// partition sorted by position. No operation but a scan depends on how many
// partitions there are.
type storage struct {
	partitions map[string]*tree[*record]
	scan       tree[*tree[*record]] // the same partitions in the order of a scan
	count      int
	bytes      int
}

func newStorage() *storage { return &storage{partitions: map[string]*tree[*record]{}} }

func (s *storage) get(at place) *record {
	partition := s.partitions[at.partition]
	if partition == nil {
		return nil
	}
	found, _ := partition.get(at.position)
	return found
}

func (s *storage) put(r *record) {
	partition := s.partitions[r.partition]
	if partition == nil {
		partition = &tree[*record]{}
		s.partitions[r.partition] = partition
		s.scan.set(scanPosition(r.partition), partition)
	}
	if replaced, found := partition.get(r.position); found {
		s.count--
		s.bytes -= replaced.size
	}
	partition.set(r.position, r)
	s.count++
	s.bytes += r.size
}

func (s *storage) remove(r *record) {
	partition := s.partitions[r.partition]
	if partition == nil {
		return
	}
	partition.remove(r.position)
	s.count--
	s.bytes -= r.size
	if partition.size == 0 {
		delete(s.partitions, r.partition)
		s.scan.remove(scanPosition(r.partition))
	}
}

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

// visit yields the records of one partition within bounds, in either direction,
// beginning behind the position after when that is given.
func (s *storage) visit(partition string, within bounds, forward bool, after *place) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		t := s.partitions[partition]
		if t == nil {
			return
		}
		if after != nil {
			within = within.behind(after.position, forward)
		}
		entries := t.descend(within.high)
		if forward {
			entries = t.ascend(within.low)
		}
		for position, r := range entries {
			if !within.contains(position) || !yield(r) {
				return
			}
		}
	}
}

// all yields every record in the order of a scan, beginning behind a place.
func (s *storage) all(after *place) iter.Seq[*record] {
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
