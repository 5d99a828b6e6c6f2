package storage

import (
	"encoding/hex"
	"time"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// journalLine is one line as it is read: all of it before any of it is done.
type journalLine struct {
	sequence int
	changes  []journalChange
	token    *TokenUse
	created  int64
	table    []byte // CreateTable request
	drop     string
	ttl      *[2]string // table, attribute
	reset    bool
}

type journalChange struct {
	table       string
	put, remove attribute.Item
}

func (l *journalLine) read(r *protocol.Reader, name string) {
	switch name {
	case "sequence":
		l.sequence = r.Integer()
	case "changes":
		r.Array(func() { l.changes = append(l.changes, readChange(r)) })
	case "token":
		l.token = readTokenUse(r)
	case "created":
		l.created = int64(r.Integer())
	case "table":
		l.table = r.Raw()
	case "drop":
		l.drop = r.Text()
	case "ttl":
		l.ttl = &[2]string{}
		r.Object(func(name string) {
			if name == "table" {
				l.ttl[0] = r.Text()
			} else {
				l.ttl[1] = r.Text()
			}
		})
	case "reset":
		l.reset = r.Boolean()
	default:
		r.Unexpected()
	}
}

func readChange(r *protocol.Reader) (c journalChange) {
	r.Object(func(name string) {
		switch name {
		case "table":
			c.table = r.Text()
		case "put":
			c.put = attribute.ReadItem(r)
		case "remove":
			c.remove = attribute.ReadItem(r)
		default:
			r.Unexpected()
		}
	})
	return c
}

func readTokenUse(r *protocol.Reader) *TokenUse {
	use := &TokenUse{}
	r.Object(func(name string) {
		switch name {
		case "id":
			use.token = r.Text()
		case "hash":
			if n, err := hex.Decode(use.hash[:], []byte(r.Text())); err != nil || n != len(use.hash) {
				r.Unexpected()
			}
		case "at":
			use.at = time.UnixMilli(int64(r.Integer()))
		default:
			r.Unexpected()
		}
	})
	return use
}
