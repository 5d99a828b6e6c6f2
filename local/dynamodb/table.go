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
	indexes []*index
	created time.Time
	billing string // PAY_PER_REQUEST or PROVISIONED
	defined []keyAttribute
	request []byte // the CreateTable request, as the journal keeps it

	mu      sync.RWMutex
	dropped bool
	items   *records
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

// findIndex finds an index by name, nil when there is none.
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

// checkIndexKeys refuses an item that does not fit an index.
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
	t.replace(c)
	if len(t.recent) == recentChanges {
		t.recent = append(t.recent[:0], t.recent[recentChanges/2:]...)
	}
	t.recent = append(t.recent, c)
}

// replace puts the new state of an item where the old one was.
func (t *table) replace(c change) {
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
	t.items, t.recent = newRecords(), nil
	for _, x := range t.indexes {
		x.entries = newRecords()
	}
}
