package storage

import (
	"encoding/binary"
	"iter"
	"maps"
	"slices"
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
	item attribute.Item // nil: packed has it
	kept
}

// NewRecord returns a record that is not stored yet.
func NewRecord(at keys.Place, it attribute.Item) *Record {
	return &Record{Place: at, Size: it.Size(), item: it}
}

// Item are the attributes of a record.
func (r *Record) Item() attribute.Item {
	if r.item == nil && r.packed != "" {
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
	if r == nil || r.packed == "" {
		return r
	}
	return &Record{Place: placeOf(r.key), Size: r.Size, kept: r.kept}
}

// Records are the records of a table or an index, by partition and in each partition
// sorted by position. Each is one text in memory: its key and, packed, its size and
// attributes.
type Records struct {
	rows    tree[string]
	samples *samples
	bytes   int
}

func newRecords() *Records { return &Records{samples: &samples{}} }

// count is the number of records.
func (s *Records) count() int { return s.rows.size }

func (s *Records) clone() *Records {
	return &Records{rows: tree[string]{root: s.rows.root.clone(), size: s.rows.size}, samples: s.samples.clone(), bytes: s.bytes}
}

// Keys of the tree begin with the hash of the partition, the order of a scan.
func keyOf(at keys.Place) string { return partitionKey(at.Partition) + at.Position }

func partitionKey(partition string) string {
	return string(scanHash(partition)) + keys.Escape(partition) + keys.PartEnd
}

// placeOf is the place of a key.
func placeOf(key string) keys.Place {
	end := strings.Index(key[scanBytes:], keys.PartEnd) + scanBytes
	return keys.Place{Partition: keys.Unescape(key[scanBytes:end]), Position: key[end+len(keys.PartEnd):]}
}

// record is the record of an entry of the tree.
func (s *Records) record(key, packed string) *Record {
	r := &Record{Place: placeOf(key), kept: kept{key, packed, s.samples}}
	r.Size = sizeOf(packed)
	r.item = r.unpack()
	return r
}

func (s *Records) get(at keys.Place) *Record {
	key := keyOf(at)
	packed, found := s.rows.get(key)
	if !found {
		return nil
	}
	return s.record(key, packed)
}

func (s *Records) put(r *Record) {
	key := keyOf(r.Place)
	if replaced, found := s.rows.get(key); found {
		s.bytes -= sizeOf(replaced)
	}
	r.kept = s.samples.pack(key, r)
	s.rows.set(r.key, r.packed)
	s.bytes += r.Size
}

func (s *Records) remove(r *Record) {
	key := keyOf(r.Place)
	if packed, found := s.rows.get(key); found {
		s.bytes -= sizeOf(packed)
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
		for key, packed := range entries {
			if !strings.HasPrefix(key, prefix) || !within.Contains(key[len(prefix):]) || !yield(s.record(key, packed)) {
				return
			}
		}
	}
}

// kept is a record as it is kept in memory.
type kept struct {
	key, packed string
	samples     *samples
}

// A sample for each list of attributes.
type samples struct {
	numbers map[string]int
	all     []*squeeze.Sample
}

func (s *samples) clone() *samples { return &samples{maps.Clone(s.numbers), slices.Clip(s.all)} }

// mostSamples bounds what a caller with ever new attributes can make.
const mostSamples = 256

// pack makes one text of key and record.
func (s *samples) pack(key string, r *Record) kept {
	raw := attribute.AppendPacked(nil, r.item)
	n := s.numberOf(r.item, raw)
	text := append(make([]byte, 0, len(key)+len(raw)/2), key...)
	text = binary.AppendUvarint(text, uint64(r.Size))
	text = binary.AppendUvarint(text, uint64(n))
	all := string(squeeze.Pack(text, s.sample(n), key, raw))
	return kept{all[:len(key)], all[len(key):], s}
}

// numberOf is the number of the sample for an item, 0 for none.
func (s *samples) numberOf(it attribute.Item, raw []byte) int {
	names := make([]byte, 0, 64)
	for i := range it {
		names = append(append(names, it[i].Name...), byte(it[i].Value.Kind))
		if i < 2 && len(it[i].Value.Text) < 64 { // rows of one kind are alike in the shape of their key
			names = append(names, shape(it[i].Value.Text)...)
		}
	}
	if n, known := s.numbers[string(names)]; known {
		return n
	}
	if len(s.all) == mostSamples || len(raw) > 16<<10 {
		return 0
	}
	if s.numbers == nil {
		s.numbers = map[string]int{}
	}
	s.all = append(s.all, squeeze.NewSample(raw))
	s.numbers[string(names)] = len(s.all)
	return len(s.all)
}

// shape is a key without what is its own: the text before a second "#".
func shape(text string) string {
	first := strings.IndexByte(text, '#')
	if first < 0 {
		return ""
	}
	if second := strings.IndexByte(text[first+1:], '#'); second >= 0 {
		return text[:first+1+second]
	}
	return text[:first]
}

func (s *samples) sample(n int) *squeeze.Sample {
	if n == 0 {
		return nil
	}
	return s.all[n-1]
}

func sizeOf(packed string) int {
	size, _ := squeeze.Number(packed)
	return size
}

func (k kept) unpack() attribute.Item {
	_, rest := squeeze.Number(k.packed)
	n, rest := squeeze.Number(rest)
	return attribute.ReadPacked(string(squeeze.Unpack(nil, k.samples.sample(n), k.key, rest)))
}
