package storage

import (
	"maps"
	"slices"

	"windfall/local/dynamodb/protocol"
)

// Table finds a table by name. It fails with a ResourceNotFoundException when there
// is none.
func (s *Store) Table(name string) (*Table, error) {
	s.mu.RLock()
	t := s.tables[name]
	s.mu.RUnlock()
	if t == nil {
		return nil, notFound(name)
	}
	return t, nil
}

// Names are the names of all tables, sorted.
func (s *Store) Names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.tables))
}

// Create adds a new table, and writes its description. It fails with a
// ResourceInUseException when there is one of that name, and with an
// InternalServerError when the journal cannot be written.
func (s *Store) Create(t *Table, out []byte) ([]byte, error) {
	t.created = s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tables[t.Name] != nil {
		return out, protocol.Refuse("ResourceInUseException", "Table already exists: %s", t.Name)
	}
	err := s.record(func(out []byte) []byte { return appendCreated(out, t) }, func() { s.tables[t.Name] = t })
	if err != nil {
		return out, err
	}
	return t.appendDescription(out, "ACTIVE"), nil
}

// Drop removes a table, and writes its last description. It fails when the table is
// gone, or the journal cannot be written.
func (s *Store) Drop(t *Table, out []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := t.Write(func() error {
		err := s.record(func(out []byte) []byte { return appendDropped(out, t.Name) }, func() {
			t.dropped = true
			delete(s.tables, t.Name)
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
func (s *Store) record(line func(out []byte) []byte, apply func()) error {
	s.commits.Lock()
	defer s.commits.Unlock()
	return notKept(s.keep(line, apply))
}
