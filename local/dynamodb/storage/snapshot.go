package storage

import (
	"errors"
	"maps"
	"slices"
)

// A Snapshot is the content of a store at one moment. It can be restored any
// number of times.
type Snapshot struct {
	tables map[string][]*Records // items, and the entries of each index
	tokens tokens
}

// Snapshot returns the present content.
func (s *Store) Snapshot() Snapshot {
	defer s.lockAll()()
	s.commits.Lock()
	defer s.commits.Unlock()
	kept := Snapshot{map[string][]*Records{}, s.tokens.clone()}
	for name, t := range s.tables {
		all := []*Records{t.items.clone()}
		for _, x := range t.Indexes {
			all = append(all, x.entries.clone())
		}
		kept.tables[name] = all
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
		if all := kept.tables[name]; all != nil {
			t.items = all[0].clone()
			for i, x := range t.Indexes {
				x.entries = all[i+1].clone()
			}
			t.setTTL(t.ttl)
		}
	}
	s.tokens = kept.tokens.clone()
	return nil
}

func (k tokens) clone() tokens { return tokens{maps.Clone(k.uses), slices.Clone(k.order)} }
