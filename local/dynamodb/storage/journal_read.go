package storage

import (
	"bytes"
	"encoding/json"
	"time"

	"windfall/local/dynamodb/protocol"
)

// replayLine carries out one line of the journal.
func (s *Store) replayLine(line []byte) error {
	r := protocol.NewReader(line)
	var l journalLine
	r.Object(func(name string) { l.read(r, name) })
	if r.End(); r.Err() != nil {
		return r.Err()
	}
	switch {
	case l.table != nil:
		return s.replayCreate(l)
	case l.drop != "":
		delete(s.tables, l.drop)
	case l.ttl != nil:
		t := s.tables[l.ttl[0]]
		if t == nil {
			return notFound(l.ttl[0])
		}
		t.setTTL(l.ttl[1])
	case l.reset:
		s.forget()
	default:
		return s.replayCommit(l)
	}
	return nil
}

func (s *Store) replayCreate(l journalLine) error {
	t, err := ReadTable(protocol.NewReader(l.table))
	if err != nil {
		return err
	}
	t.created = time.UnixMilli(l.created)
	s.tables[t.Name] = t
	return nil
}

func (s *Store) replayCommit(l journalLine) error {
	changes := make([]Change, len(l.changes))
	for i, c := range l.changes {
		t := s.tables[c.table]
		if t == nil {
			return notFound(c.table)
		}
		changes[i].Table = t
		if c.put != nil {
			changes[i].Updated = t.NewRecord(c.put)
			changes[i].Old = t.items.get(changes[i].Updated.Place)
		} else {
			changes[i].Old = t.items.get(t.Schema.PlaceOf(c.remove))
		}
	}
	for _, c := range changes {
		c.Table.replace(c)
	}
	s.sequence = int64(l.sequence) + int64(len(changes))
	if l.token != nil {
		s.tokens.remember(*l.token)
	}
	return nil
}

// compactJSON takes the blanks, and with them the line breaks, out of a request.
func compactJSON(request []byte) []byte {
	var out bytes.Buffer
	if err := json.Compact(&out, request); err != nil {
		return request // it was read before, so it is JSON
	}
	return out.Bytes()
}
