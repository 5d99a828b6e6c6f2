package storage

import (
	"slices"
	"strings"

	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

func notFound(table string) *protocol.Refusal {
	return protocol.Refuse("ResourceNotFoundException", "Requested resource not found: Table: %s not found", table)
}

// Read runs f while the table cannot change. It fails with a
// ResourceNotFoundException when the table is gone.
func (t *Table) Read(f func()) error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.dropped {
		return notFound(t.Name)
	}
	f()
	return nil
}

// Write runs f alone with the table. It fails when the table is gone.
func (t *Table) Write(f func() error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return notFound(t.Name)
	}
	return f()
}

// WriteTogether runs f alone with the tables, which it sorts; one may be named more
// than once. It fails when one of them is gone.
func WriteTogether(tables []*Table, f func() error) error {
	slices.SortFunc(tables, func(a, b *Table) int { return strings.Compare(a.Name, b.Name) })
	tables = slices.Compact(tables)
	for _, t := range tables {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	for _, t := range tables {
		if t.dropped {
			return notFound(t.Name)
		}
	}
	return f()
}

// ReadStale runs f on an index as it was n changes ago, 256 at most. It fails when
// the table is gone.
func (t *Table) ReadStale(x *Index, n int, f func()) error {
	return t.Write(func() error {
		t.rewindIndex(x, n, false)
		f()
		t.rewindIndex(x, n, true)
		return nil
	})
}

// Find reads one item, nil when there is none.
func (t *Table) Find(at keys.Place) (found *Record, err error) {
	err = t.Read(func() { found = t.Get(at) })
	return found, err
}

// Get is the item at a place, nil when there is none. The caller runs under Read,
// Write or WriteTogether.
func (t *Table) Get(at keys.Place) *Record { return t.items.get(at) }

// Records are the items of the table, or the entries of its index x when that is
// not nil. The caller runs under Read or ReadStale.
func (t *Table) Records(x *Index) *Records {
	if x != nil {
		return x.entries
	}
	return t.items
}
