package storage

import (
	"sync"
	"time"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
)

// Table is one table with its indexes. mu guards all fields below it; the fields
// above never change once the table is in a store.
type Table struct {
	Name    string
	Schema  keys.Schema
	Indexes []*Index
	created time.Time
	billing string // PAY_PER_REQUEST or PROVISIONED
	defined []keys.Part
	request []byte // the CreateTable request, as the journal keeps it

	mu      sync.RWMutex
	dropped bool
	items   *Records
	ttl     string             // attribute that holds the time of expiry, "" when off
	expires map[int64][]string // keys of items by the day after which they may expire
	recent  []Change           // the newest changes, for stale reads of an index
}

// Change is one item before and after a write; nil stands for no item. Equal
// records mean that nothing changes.
type Change struct {
	Table   *Table
	Old     *Record
	Updated *Record
	expired bool // removed because its time to live was over
}

// recentChanges is the number of changes that a stale index read can undo.
const recentChanges = 256

// FindIndex finds an index by name, nil when there is none.
func (t *Table) FindIndex(name string) *Index {
	for _, x := range t.Indexes {
		if x.Name == name {
			return x
		}
	}
	return nil
}

// NewRecord prepares an item for storing.
func (t *Table) NewRecord(it attribute.Item) *Record {
	return NewRecord(t.Schema.PlaceOf(it), it)
}

// CheckIndexKeys refuses, with a ValidationException, an item that does not fit an
// index.
func (t *Table) CheckIndexKeys(it attribute.Item) error {
	for _, x := range t.Indexes {
		if err := x.checkEntry(it); err != nil {
			return err
		}
	}
	return nil
}

// apply makes a change visible. The caller holds mu.
func (t *Table) apply(c Change) {
	t.replace(c)
	if len(t.recent) == recentChanges {
		t.recent = append(t.recent[:0], t.recent[recentChanges/2:]...)
	}
	t.recent = append(t.recent, Change{Table: c.Table, Old: c.Old.packedOnly(), Updated: c.Updated.packedOnly()})
}

// replace puts the new state of an item where the old one was.
func (t *Table) replace(c Change) {
	switch {
	case c.Updated != nil:
		t.items.put(c.Updated)
	case c.Old != nil:
		t.items.remove(c.Old)
	}
	for _, x := range t.Indexes {
		x.change(t, c.Old, c.Updated)
	}
	t.noteExpiry(c.Old, c.Updated)
}

// clear forgets all items. The caller holds mu.
func (t *Table) clear() {
	t.items, t.recent, t.expires = newRecords(), nil, nil
	for _, x := range t.Indexes {
		x.entries = newRecords()
	}
}

// rewindIndex undoes (or redoes) the newest n changes in one index only. The
// caller holds mu for writing.
func (t *Table) rewindIndex(x *Index, n int, redo bool) {
	changes := t.recent[len(t.recent)-min(n, len(t.recent)):]
	for i := range changes {
		if redo {
			x.change(t, changes[i].Old, changes[i].Updated)
			continue
		}
		c := changes[len(changes)-1-i]
		x.change(t, c.Updated, c.Old)
	}
}
