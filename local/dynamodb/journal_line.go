package dynamodb

import (
	"encoding/hex"
	"time"
)

// journalLine is one line as it is read: all of it before any of it is done.
type journalLine struct {
	sequence int
	changes  []journalChange
	token    *tokenUse
	created  int64
	table    []byte // CreateTable request
	drop     string
	ttl      *[2]string // table, attribute
	reset    bool
}

type journalChange struct {
	table       string
	put, remove item
}

func (l *journalLine) read(r *jsonReader, name string) {
	switch name {
	case "sequence":
		l.sequence = r.integer()
	case "changes":
		r.array(func() { l.changes = append(l.changes, readChange(r)) })
	case "token":
		l.token = readTokenUse(r)
	case "created":
		l.created = int64(r.integer())
	case "table":
		l.table = r.raw()
	case "drop":
		l.drop = r.text()
	case "ttl":
		l.ttl = &[2]string{}
		r.object(func(name string) {
			if name == "table" {
				l.ttl[0] = r.text()
			} else {
				l.ttl[1] = r.text()
			}
		})
	case "reset":
		l.reset = r.boolean()
	default:
		r.unexpected()
	}
}

func readChange(r *jsonReader) (c journalChange) {
	r.object(func(name string) {
		switch name {
		case "table":
			c.table = r.text()
		case "put":
			c.put = readItem(r)
		case "remove":
			c.remove = readItem(r)
		default:
			r.unexpected()
		}
	})
	return c
}

func readTokenUse(r *jsonReader) *tokenUse {
	use := &tokenUse{}
	r.object(func(name string) {
		switch name {
		case "id":
			use.token = r.text()
		case "hash":
			if n, err := hex.Decode(use.hash[:], []byte(r.text())); err != nil || n != len(use.hash) {
				r.unexpected()
			}
		case "at":
			use.at = time.UnixMilli(int64(r.integer()))
		default:
			r.unexpected()
		}
	})
	return use
}
