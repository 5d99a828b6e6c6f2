package storage

import (
	"errors"
	"maps"
	"slices"
)

// A Snapshot is the content of a store at one moment. It can be restored any
// number of times.
type Snapshot struct {
	items  map[string][]*Record // by table; records are never changed, only replaced
	tokens tokens
}

// Snapshot returns the present content.
func (s *Store) Snapshot() Snapshot {
	defer s.lockAll()()
	s.commits.Lock()
	defer s.commits.Unlock()
	kept := Snapshot{map[string][]*Record{}, s.tokens.clone()}
	for name, t := range s.tables {
		kept.items[name] = slices.Collect(t.items.All(nil))
	}
	return kept
}

// Restore puts the store back to a snapshot of its own: items, indexes and request
// tokens. Subscribers get no changes. It fails for a store with a journal, since
// the file would not follow.
func (s *Store) Restore(kept Snapshot) error {
	if s.journal != nil {
		return errors.New("only a database in memory can be restored")
	}
	defer s.lockAll()()
	s.commits.Lock()
	defer s.commits.Unlock()
	for name, t := range s.tables {
		t.clear()
		for _, r := range kept.items[name] {
			t.replace(Change{Table: t, Updated: r})
		}
	}
	s.tokens = kept.tokens.clone()
	return nil
}

func (k tokens) clone() tokens { return tokens{maps.Clone(k.uses), slices.Clone(k.order)} }
