package dynamodb

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"windfall/local/dynamodb/keys"

	"windfall/local/dynamodb/storage"
)

// Callers need no import but this package.
type (
	// Options say where the data is kept, and which clock counts.
	Options = storage.Options
	// ChangeRecord is one change of one item.
	ChangeRecord = storage.ChangeRecord
	// Snapshot is the content of a database at one moment.
	Snapshot = storage.Snapshot
)

// DB is a database with any number of tables. All methods may be called from
// many goroutines at once.
type DB struct {
	store *storage.Store

	guard    atomic.Pointer[func(*http.Request) Permit]
	watched  atomic.Bool // whether there is a fault function or an observer
	watch    sync.Mutex  // taken after the store's locks, held around fault and observer functions only
	calls    int64
	fault    func(Call) Fault
	observer func(Call, Capacity)
}

// Open opens the database in Options.Dir, creating it when it is not there. It
// fails when the journal is damaged, apart from an unfinished last line, or when
// another process has it open.
func Open(o Options) (*DB, error) {
	s, err := storage.Open(o)
	if err != nil {
		return nil, err
	}
	return &DB{store: s}, nil
}

// Close ends the use of the journal. Requests after it are answered with 500
// when the database has one.
func (db *DB) Close() error { return db.store.Close() }

// Reset forgets all items and request tokens, but keeps the tables. Subscribers
// get no changes. It fails, and forgets nothing, when the journal cannot be
// written.
func (db *DB) Reset() error { return db.store.Reset() }

// Snapshot returns the present content.
func (db *DB) Snapshot() Snapshot { return db.store.Snapshot() }

// Restore puts the database back to a snapshot of its own: items, indexes and
// request tokens. Subscribers get no changes. It fails for a database with a
// journal, since the file would not follow.
func (db *DB) Restore(s Snapshot) error { return db.store.Restore(s) }

// Dump returns all items as text, one line each: the table's name, a tab, and
// the item as DynamoDB JSON with its attributes by name. Tables come by name and
// items by key, so equal databases give equal texts. Writes wait for it.
func (db *DB) Dump() string { return db.store.Dump() }

// Subscribe calls f with every change from now on, one at a time and in the
// order of commits, which is also the order of SequenceNumber. A write that
// leaves an item as it was is no change. f runs after the commit, usually before
// the writer is answered, and may call the database.
func (db *DB) Subscribe(f func(ChangeRecord)) { db.store.Subscribe(f) }

// ExpireTTL removes the items whose time to live was over before now, and
// returns their number. Until then they stay visible, as on AWS, which removes
// them with a delay. Subscribers get each removal with the service as its author.
func (db *DB) ExpireTTL(now time.Time) int { return db.store.ExpireTTL(now) }

// FirstBehind is the sort key of an index that comes first behind another one in a
// partition, "" for none. The sort key of the index is a text.
func (db *DB) FirstBehind(table, index, partition, sort string) (first string, err error) {
	t, err := db.store.Table(table)
	if err != nil {
		return "", err
	}
	x := t.FindIndex(index)
	if x == nil {
		return "", fmt.Errorf("the table %s has no index %s", table, index)
	}
	err = t.Read(func() {
		low := keys.Bounds{Low: keys.Escape(sort) + keys.PartEnd}
		for r := range t.Records(x).Visit(partition, low, true, nil) {
			if v, _ := r.Item().Get(x.Schema.Sort.Name); v.Text > sort {
				first = v.Text
				return
			}
		}
	})
	return first, err
}
