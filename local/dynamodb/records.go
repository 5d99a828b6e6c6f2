package dynamodb

import "iter"

// record is a stored item or index entry; it is never changed, only replaced.
type record struct {
	place
	attributes item
	size       int
}

// bytes is the size of a record, 0 for none.
func (r *record) bytes() int {
	if r == nil {
		return 0
	}
	return r.size
}

// records holds the records of a table or an index by partition, and in each
// partition sorted by position. No operation but a scan depends on how many
// partitions there are.
type records struct {
	partitions map[string]*tree[*record]
	scan       tree[*tree[*record]] // the same partitions in the order of a scan
	count      int
	bytes      int
}

func newRecords() *records { return &records{partitions: map[string]*tree[*record]{}} }

func (s *records) get(at place) *record {
	partition := s.partitions[at.partition]
	if partition == nil {
		return nil
	}
	found, _ := partition.get(at.position)
	return found
}

func (s *records) put(r *record) {
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

func (s *records) remove(r *record) {
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

// visit yields the records of one partition within bounds, in either direction,
// beginning behind the position after when that is given.
func (s *records) visit(partition string, within bounds, forward bool, after *place) iter.Seq[*record] {
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
