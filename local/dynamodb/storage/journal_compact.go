package storage

import (
	"fmt"
	"iter"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// live is how many lines the present state needs.
func (s *Store) live() int {
	live := len(s.tokens.order)
	for _, t := range s.tables {
		live += 2 + t.items.count()
	}
	return live
}

// state are the lines that lead to the present state, for a journal that writes
// them later. The content collected here, under commits, never changes: token
// uses are only replaced. The lines are made on demand.
func (s *Store) state() iter.Seq[[]byte] {
	type content struct {
		made    []byte
		ttl     []byte
		name    string
		records *Records
	}
	var tables []content
	for _, t := range s.sorted() {
		c := content{made: appendCreated(nil, t), name: t.Name, records: t.items.clone()}
		if t.ttl != "" {
			c.ttl = appendTTL(nil, t.Name, t.ttl)
		}
		tables = append(tables, c)
	}
	tokens, sequence := s.tokens.clone(), s.sequence
	return func(yield func([]byte) bool) {
		for _, t := range tables {
			if !yield(t.made) || t.ttl != nil && !yield(t.ttl) {
				return
			}
			var line []byte
			for r := range t.records.All(nil) {
				line = appendState(line[:0], sequence, t.name, r)
				if !yield(line) {
					return
				}
			}
		}
		for _, token := range tokens.order {
			use := tokens.uses[token]
			line := appendTokenUse([]byte(`{"token":`), &use)
			if !yield(fmt.Appendf(line, `,"sequence":%d}`, sequence)) {
				return
			}
		}
	}
}

// appendState writes an item as a change; its sequence number leaves the store's
// own number unchanged when the line is read.
func appendState(out []byte, sequence int64, table string, r *Record) []byte {
	out = fmt.Appendf(out, `{"sequence":%d,"changes":[{"table":`, sequence-1)
	out = attribute.AppendItem(protocol.Member(protocol.AppendText(out, table), "put"), r.Item())
	return append(out, '}', ']', '}')
}
