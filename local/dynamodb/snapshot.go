package dynamodb

import (
	"errors"
	"maps"
	"slices"
)

// A Snapshot is all a database held at one moment. It can be restored any
// number of times.
type Snapshot struct {
	items  map[string][]*record // by table; records are never changed, only replaced
	tokens tokens
}

// Snapshot keeps what the database holds now.
func (db *DB) Snapshot() Snapshot {
	defer db.lockAll()()
	db.commits.Lock()
	defer db.commits.Unlock()
	s := Snapshot{map[string][]*record{}, db.tokens.clone()}
	for name, t := range db.tables {
		s.items[name] = slices.Collect(t.items.all(nil))
	}
	return s
}

// Restore puts the database back to a snapshot of its own: items, indexes and
// request tokens. Subscribers hear nothing of it. A database with a journal
// refuses, since the file would not follow.
func (db *DB) Restore(s Snapshot) error {
	if db.journal != nil {
		return errors.New("only a database in memory can be restored")
	}
	defer db.lockAll()()
	db.commits.Lock()
	defer db.commits.Unlock()
	for name, t := range db.tables {
		t.clear()
		for _, r := range s.items[name] {
			t.store(change{table: t, updated: r})
		}
	}
	db.tokens = s.tokens.clone()
	return nil
}

func (k tokens) clone() tokens { return tokens{maps.Clone(k.uses), slices.Clone(k.order)} }
