package storage

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"windfall/local/dynamodb/attribute"
	"windfall/local/squeeze"
)

// samples has a text for each kind of record, which others of the kind resemble.
type samples struct {
	numbers map[string]int
	all     []*squeeze.Sample
}

func (s *samples) clone() *samples { return &samples{maps.Clone(s.numbers), slices.Clone(s.all)} }

// These bound what a caller with ever new attributes can make.
const (
	mostSamples   = 256
	largestRecord = 16 << 10 // in a sample
	largestSample = 4 << 10  // that gets one more record
)

// pack makes a text of size and attributes, which resembles that of other records of
// its kind.
func (s *samples) pack(key string, r *Record) string {
	raw := attribute.AppendPacked(nil, r.item)
	kind := kindOf(r.item)
	n := s.numbers[kind]
	with := func(n int) []byte {
		text := binary.AppendUvarint(make([]byte, 0, len(raw)/2+8), uint64(r.Size))
		return squeeze.Pack(binary.AppendUvarint(text, uint64(n)), s.sample(n), key, raw)
	}
	text := with(n)
	if len(text) > len(raw)/3 && s.learn(kind, raw) {
		text = with(s.numbers[kind])
	}
	return string(text)
}

func (s *samples) unpack(key, packed string) attribute.Item {
	_, rest := squeeze.Number(packed)
	n, rest := squeeze.Number(rest)
	return attribute.ReadPacked(string(squeeze.Unpack(nil, s.sample(n), key, rest)))
}

// learn puts a record into the sample of its kind, which may have several forms. It
// tells whether it did.
func (s *samples) learn(kind string, raw []byte) bool {
	n := s.numbers[kind]
	if n != 0 {
		if s.all[n-1].Size()+len(raw) > largestSample {
			return false
		}
		s.all[n-1] = s.all[n-1].Behind(raw)
		return true
	}
	if len(s.all) == mostSamples || len(raw) > largestRecord {
		return false
	}
	if s.numbers == nil {
		s.numbers = map[string]int{}
	}
	s.all = append(s.all, squeeze.NewSample(raw))
	s.numbers[kind] = len(s.all)
	return true
}

// kindOf is the same for records that are alike: their attributes, and the shape of
// their key.
func kindOf(it attribute.Item) string {
	names := make([]byte, 0, 64)
	for i := range it {
		names = append(append(names, it[i].Name...), byte(it[i].Value.Kind))
		if i < 2 && len(it[i].Value.Text) < 64 {
			names = append(names, shape(it[i].Value.Text)...)
		}
	}
	return string(names)
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
