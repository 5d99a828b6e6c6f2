package dynamodb

import (
	"maps"
	"slices"
)

// table finds a table by name. It fails when there is none.
func (s *store) table(name string) (*table, error) {
	s.mu.RLock()
	t := s.tables[name]
	s.mu.RUnlock()
	if t == nil {
		return nil, notFound(name)
	}
	return t, nil
}

// names are the names of all tables, sorted.
func (s *store) names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.tables))
}

// create adds a table that was read from a request, and writes its description.
// It fails when there is one of that name, or the journal cannot be written.
func (s *store) create(t *table, out []byte) ([]byte, error) {
	t.created = s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables[t.name] != nil {
		return out, refuse("ResourceInUseException", "Table already exists: %s", t.name)
	}
	err := s.record(func(out []byte) []byte { return appendCreated(out, t) }, func() { s.tables[t.name] = t })
	if err != nil {
		return out, err
	}
	return t.appendDescription(out, "ACTIVE"), nil
}

// drop takes a table away, and writes its last description. It fails when the
// table is gone, or the journal cannot be written.
func (s *store) drop(t *table, out []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := t.write(func() error {
		err := s.record(func(out []byte) []byte { return appendDropped(out, t.name) }, func() {
			t.dropped = true
			delete(s.tables, t.name)
		})
		if err == nil {
			out = t.appendDescription(out, "DELETING")
		}
		return err
	})
	return out, err
}

// record writes something other than a change of items to the journal, and then
// lets apply make it visible.
func (s *store) record(line func(out []byte) []byte, apply func()) error {
	s.commits.Lock()
	defer s.commits.Unlock()
	return notKept(s.keep(line, apply))
}
