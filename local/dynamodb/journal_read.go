package dynamodb

import (
	"bytes"
	"encoding/json"
	"time"
)

// replayLine carries out one line of the journal.
func (db *DB) replayLine(line []byte) error {
	r := &jsonReader{data: line}
	var l journalLine
	r.object(func(name string) { l.read(r, name) })
	if r.end(); r.err != nil {
		return r.err
	}
	switch {
	case l.table != nil:
		return db.replayCreate(l)
	case l.drop != "":
		delete(db.tables, l.drop)
	case l.ttl != nil:
		t := db.tables[l.ttl[0]]
		if t == nil {
			return notFound(l.ttl[0])
		}
		t.ttl = l.ttl[1]
	case l.reset:
		db.forget()
	default:
		return db.replayCommit(l)
	}
	return nil
}

func (db *DB) replayCreate(l journalLine) error {
	r := &jsonReader{data: l.table}
	q := readTableRequest(r)
	if r.err != nil {
		return r.err
	}
	t, err := q.newTable()
	if err != nil {
		return err
	}
	t.created, t.request = time.UnixMilli(l.created), l.table
	db.tables[t.name] = t
	return nil
}

func (db *DB) replayCommit(l journalLine) error {
	changes := make([]change, len(l.changes))
	for i, c := range l.changes {
		t := db.tables[c.table]
		if t == nil {
			return notFound(c.table)
		}
		changes[i].table = t
		if c.put != nil {
			changes[i].updated = t.newRecord(c.put)
			changes[i].old = t.items.get(changes[i].updated.place)
		} else {
			changes[i].old = t.items.get(t.schema.placeOf(c.remove))
		}
	}
	for _, c := range changes {
		c.table.store(c)
	}
	db.sequence = int64(l.sequence) + int64(len(changes))
	if l.token != nil {
		db.tokens.remember(*l.token)
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
