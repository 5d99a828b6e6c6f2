package dynamodb

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"windfall/local/journal"
)

// Options say where the data lives and what time it is. The zero value keeps
// everything in memory and uses the wall clock.
type Options struct {
	// Dir is the folder of the journal; "" keeps everything in memory.
	Dir string
	// Now dates tables, stream records and request tokens.
	Now func() time.Time
	// Files are those of the operating system when nil.
	Files journal.Files
	// Log hears what became of the journal; nil discards it.
	Log *slog.Logger
}

// DB is a database with any number of tables. All methods may be called from
// many goroutines at once.
//
// Locks are taken in this order: mu, then the tables' own by name, then commits;
// watch is taken last and held only around fault and observer functions.
type DB struct {
	now func() time.Time

	mu     sync.RWMutex
	tables map[string]*table

	commits  sync.Mutex // makes commits one sequence; guards all down to queue, and every change of tables and items
	sequence int64
	journal  *journal.Journal // nil in memory
	tokens   tokens
	queue    queue

	guard    atomic.Pointer[func(*http.Request) Permit]
	watched  atomic.Bool // whether there is a fault function or an observer
	watch    sync.Mutex
	calls    int64
	fault    func(Call) Fault
	observer func(Call, Capacity)
}

// Open opens the database in Options.Dir, creating it when it is not there. It
// fails when the journal is not what was written, but for a last line without an
// end, or when another process has it open.
func Open(o Options) (*DB, error) {
	db := &DB{now: o.Now, tables: map[string]*table{}}
	if db.now == nil {
		db.now = time.Now
	}
	if o.Dir == "" {
		return db, nil
	}
	if err := db.openJournal(o); err != nil {
		return nil, err
	}
	return db, nil
}

func (db *DB) forget() {
	for _, t := range db.tables {
		t.clear()
	}
	db.tokens = tokens{}
}

// lockAll keeps everybody else out until the returned function is called.
func (db *DB) lockAll() (unlock func()) {
	db.mu.Lock()
	all := db.sorted()
	for _, t := range all {
		t.mu.Lock()
	}
	return func() {
		for _, t := range all {
			t.mu.Unlock()
		}
		db.mu.Unlock()
	}
}

// sorted lists the tables by name. The caller holds mu.
func (db *DB) sorted() []*table {
	names := slices.Sorted(maps.Keys(db.tables))
	all := make([]*table, len(names))
	for i, name := range names {
		all[i] = db.tables[name]
	}
	return all
}

// commit makes changes durable and visible, all of them or, when the journal
// cannot be written, none. used is the request token to remember with them, if
// any. The caller holds the locks of all tables concerned.
func (db *DB) commit(changes []change, used *tokenUse) error {
	db.commits.Lock()
	defer db.commits.Unlock()
	changes = slices.DeleteFunc(changes, func(c change) bool { return c.old == c.updated })
	if len(changes) == 0 && used == nil {
		return nil
	}
	return notKept(db.keep(func(out []byte) []byte { return appendCommit(out, db.sequence, changes, used) }, func() {
		if used != nil {
			db.tokens.remember(*used)
		}
		for _, c := range changes {
			db.sequence++
			c.table.apply(c)
			db.queue.add(db.sequence, c, db.now)
		}
	}))
}
