package storage

import (
	"iter"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
	"windfall/local/squeeze"
)

// Record is an item or index entry with its size in bytes; it is never changed,
// only replaced.
type Record struct {
	keys.Place
	Size int
	item attribute.Item // nil: the entry has it
	kept
}

// NewRecord returns a record that is not stored yet.
func NewRecord(at keys.Place, it attribute.Item) *Record {
	return &Record{Place: at, Size: it.Size(), item: it}
}

// Item are the attributes of a record.
func (r *Record) Item() attribute.Item {
	if r.item == nil && r.entry != "" {
		return r.unpack()
	}
	return r.item
}

// Bytes is the size of a record, 0 for none.
func (r *Record) Bytes() int {
	if r == nil {
		return 0
	}
	return r.Size
}

// packedOnly is a stored record without its attributes at hand.
func (r *Record) packedOnly() *Record {
	if r == nil || r.entry == "" {
		return r
	}
	return &Record{Place: placeOf(r.entry.key()), Size: r.Size, kept: r.kept}
}

// Records are the records of a table or an index, by partition and in each partition
// sorted by position. Each is one text in memory: its key and, packed, its size and
// attributes.
type Records struct {
	rows    tree
	samples *samples
	bytes   int
}

func newRecords() *Records { return &Records{samples: &samples{}} }

// count is the number of records.
func (s *Records) count() int { return s.rows.size }

func (s *Records) clone() *Records {
	return &Records{rows: tree{root: s.rows.root.clone(), size: s.rows.size}, samples: s.samples.clone(), bytes: s.bytes}
}

// Keys of the tree begin with the hash of the partition, the order of a scan.
func keyOf(at keys.Place) string { return partitionKey(at.Partition) + at.Position }

func partitionKey(partition string) string {
	return string(scanHash(partition)[:scanBytes]) + keys.Escape(partition) + keys.PartEnd
}

// placeOf is the place of a key.
func placeOf(key string) keys.Place {
	end := strings.Index(key[scanBytes:], keys.PartEnd) + scanBytes
	return keys.Place{Partition: keys.Unescape(key[scanBytes:end]), Position: key[end+len(keys.PartEnd):]}
}

// record is the record of an entry.
func (s *Records) record(e entry) *Record {
	key, packed := e.split()
	r := &Record{Place: placeOf(key), Size: sizeOf(packed), kept: kept{e, s.samples}}
	r.item = r.unpack()
	return r
}

func (s *Records) get(at keys.Place) *Record {
	e, found := s.rows.get(keyOf(at))
	if !found {
		return nil
	}
	return s.record(e)
}

func (s *Records) put(r *Record) {
	key := keyOf(r.Place)
	if replaced, found := s.rows.get(key); found {
		s.bytes -= replaced.size()
	}
	r.kept = kept{newEntry(key, s.samples.pack(key, r)), s.samples}
	s.rows.set(r.entry)
	s.bytes += r.Size
}

func (s *Records) remove(r *Record) {
	key := keyOf(r.Place)
	if e, found := s.rows.get(key); found {
		s.bytes -= e.size()
		s.rows.remove(key)
	}
}

// Visit yields the records of one partition within bounds, in either direction,
// beginning behind the position after when that is given.
func (s *Records) Visit(partition string, within keys.Bounds, forward bool, after *keys.Place) iter.Seq[*Record] {
	return func(yield func(*Record) bool) {
		if after != nil {
			within = within.Behind(after.Position, forward)
		}
		prefix := partitionKey(partition)
		high := prefix[:len(prefix)-1] + "\x02" // behind the partition
		if within.High != nil {
			high = prefix + *within.High
		}
		entries := s.rows.descend(&high)
		if forward {
			entries = s.rows.ascend(prefix + within.Low)
		}
		for e := range entries {
			key := e.key()
			if !strings.HasPrefix(key, prefix) || !within.Contains(key[len(prefix):]) || !yield(s.record(e)) {
				return
			}
		}
	}
}

// kept is a record as it is kept in memory.
type kept struct {
	entry   entry // "": not stored yet
	samples *samples
}

func (k kept) unpack() attribute.Item { return k.samples.unpack(k.entry.split()) }

// size is that of the record of an entry.
func (e entry) size() int {
	_, packed := e.split()
	return sizeOf(packed)
}

func sizeOf(packed string) int {
	size, _ := squeeze.Number(packed)
	return size
}
