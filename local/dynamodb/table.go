package dynamodb

import (
	"sync"
	"time"
)

// table is one table with its indexes. mu guards everything below it; what is
// above never changes.
type table struct {
	name    string
	schema  keySchema
	created time.Time
	billing string // PAY_PER_REQUEST or PROVISIONED
	defined []keyAttribute
	request []byte // the CreateTable request, as the journal keeps it

	mu      sync.RWMutex
	dropped bool
	items   *storage
	indexes []*index
	ttl     string   // attribute that holds the time of expiry, "" when off
	recent  []change // the newest changes, for stale reads of an index
}

// change is one item before and after a write; nil stands for no item.
type change struct {
	table   *table
	old     *record
	updated *record
	expired bool // removed because its time to live was over
}

// recentChanges is how far back a stale index read can look.
const recentChanges = 256

func (t *table) findIndex(name string) *index {
	for _, x := range t.indexes {
		if x.name == name {
			return x
		}
	}
	return nil
}

// newRecord prepares an item for storing.
func (t *table) newRecord(it item) *record {
	return &record{place: t.schema.placeOf(it), attributes: it, size: it.size()}
}

// checkItem refuses an item that is too large or does not fit an index.
func (t *table) checkIndexKeys(it item) error {
	for _, x := range t.indexes {
		if err := x.checkEntry(it); err != nil {
			return err
		}
	}
	return nil
}

// apply makes a change visible. The caller holds mu.
func (t *table) apply(c change) {
	t.store(c)
	if len(t.recent) == recentChanges {
		t.recent = append(t.recent[:0], t.recent[recentChanges/2:]...)
	}
	t.recent = append(t.recent, c)
}

func (t *table) store(c change) {
	switch {
	case c.updated != nil:
		t.items.put(c.updated)
	case c.old != nil:
		t.items.remove(c.old)
	}
	for _, x := range t.indexes {
		x.change(t, c.old, c.updated)
	}
}

// clear forgets all items. The caller holds mu.
func (t *table) clear() {
	t.items, t.recent = newStorage(), nil
	for _, x := range t.indexes {
		x.entries = newStorage()
	}
}

// rewindIndex undoes (or redoes) the newest n changes in one index only. The
// caller holds mu for writing.
func (t *table) rewindIndex(x *index, n int, redo bool) {
	changes := t.recent[len(t.recent)-min(n, len(t.recent)):]
	for i := range changes {
		if redo {
			x.change(t, changes[i].old, changes[i].updated)
			continue
		}
		c := changes[len(changes)-1-i]
		x.change(t, c.updated, c.old)
	}
}
