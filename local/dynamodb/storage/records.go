package storage

import (
	"iter"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
)

// Record is a stored item or index entry with its size in bytes; it is never
// changed, only replaced.
type Record struct {
	keys.Place
	Attributes attribute.Item
	Size       int
}

// Bytes is the size of a record, 0 for none.
func (r *Record) Bytes() int {
	if r == nil {
		return 0
	}
	return r.Size
}

// Records are the records of a table or an index by partition, and in each
// partition sorted by position. No operation but a scan depends on the number of
// partitions.
type Records struct {
	partitions map[string]*tree[*Record]
	scan       tree[*tree[*Record]] // the same partitions in the order of a scan
	count      int
	bytes      int
}

func newRecords() *Records { return &Records{partitions: map[string]*tree[*Record]{}} }

func (s *Records) get(at keys.Place) *Record {
	partition := s.partitions[at.Partition]
	if partition == nil {
		return nil
	}
	found, _ := partition.get(at.Position)
	return found
}

func (s *Records) put(r *Record) {
	partition := s.partitions[r.Partition]
	if partition == nil {
		partition = &tree[*Record]{}
		s.partitions[r.Partition] = partition
		s.scan.set(scanPosition(r.Partition), partition)
	}
	if replaced, found := partition.get(r.Position); found {
		s.count--
		s.bytes -= replaced.Size
	}
	partition.set(r.Position, r)
	s.count++
	s.bytes += r.Size
}

func (s *Records) remove(r *Record) {
	partition := s.partitions[r.Partition]
	if partition == nil {
		return
	}
	partition.remove(r.Position)
	s.count--
	s.bytes -= r.Size
	if partition.size == 0 {
		delete(s.partitions, r.Partition)
		s.scan.remove(scanPosition(r.Partition))
	}
}

// Visit yields the records of one partition within bounds, in either direction,
// beginning behind the position after when that is given.
func (s *Records) Visit(partition string, within keys.Bounds, forward bool, after *keys.Place) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		t := s.partitions[partition]
		if t == nil {
			return
		}
		if after != nil {
			within = within.Behind(after.Position, forward)
		}
		entries := t.descend(within.High)
		if forward {
			entries = t.ascend(within.Low)
		}
		for position, r := range entries {
			if !within.Contains(position) || !yield(r) {
				return
			}
		}
	}
}
