package dynamodb

import (
	"slices"
	"strings"
)

func notFound(table string) *refusal {
	return refuse("ResourceNotFoundException", "Requested resource not found: Table: %s not found", table)
}

// read runs f while the table cannot change. It fails when the table is gone.
func (t *table) read(f func()) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.dropped {
		return notFound(t.name)
	}
	f()
	return nil
}

// write runs f while only f reads and changes the table. It fails when the table
// is gone.
func (t *table) write(f func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return notFound(t.name)
	}
	return f()
}

// writeTogether runs f while only f reads and changes the tables, which may be
// named more than once and are put into order. It fails when one of them is gone.
func writeTogether(tables []*table, f func() error) error {
	slices.SortFunc(tables, func(a, b *table) int { return strings.Compare(a.name, b.name) })
	tables = slices.Compact(tables)
	for _, t := range tables {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	for _, t := range tables {
		if t.dropped {
			return notFound(t.name)
		}
	}
	return f()
}

// find reads one item, nil when there is none.
func (t *table) find(at place) (found *record, err error) {
	err = t.read(func() { found = t.get(at) })
	return found, err
}

// get is the item at a place, nil when there is none. The caller runs under
// read, write or writeTogether.
func (t *table) get(at place) *record { return t.items.get(at) }

// visited are the records that a reading of the table visits, or of one of its
// indexes when x is not nil. The caller runs under read or readStale.
func (t *table) visited(x *index) *records {
	if x != nil {
		return x.entries
	}
	return t.items
}
