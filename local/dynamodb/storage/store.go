package storage

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"windfall/local/journal"
)

// Options say where the data is kept, and which clock counts. The zero value keeps
// everything in memory and uses the wall clock.
type Options struct {
	// Dir is the folder of the journal; "" keeps everything in memory.
	Dir string
	// Now dates tables, stream records and request tokens.
	Now func() time.Time
	// Files are those of the operating system when nil.
	Files journal.Files
	// Log gets the journal's messages; nil discards them.
	Log *slog.Logger
}

// Store holds any number of tables. All methods may be called from many
// goroutines at once.
//
// Locks are taken in this order: mu, then the tables' own by name, then commits.
type Store struct {
	now func() time.Time

	mu     sync.RWMutex
	tables map[string]*Table

	commits  sync.Mutex // makes commits one sequence; guards all below, and every change of tables and items
	sequence int64
	journal  *journal.Journal // nil in memory
	tokens   tokens
	queue    queue
}

// Open opens the tables in Options.Dir, creating the folder when it is not
// there. It fails when the journal is damaged, apart from an unfinished last line,
// or when another process has it open.
func Open(o Options) (*Store, error) {
	s := &Store{now: o.Now, tables: map[string]*Table{}}
	if s.now == nil {
		s.now = time.Now
	}
	if o.Dir == "" {
		return s, nil
	}
	if err := s.openJournal(o); err != nil {
		return nil, err
	}
	return s, nil
}

// forget drops all items and tokens. The caller holds all locks, or opens the store.
func (s *Store) forget() {
	for _, t := range s.tables {
		t.clear()
	}
	s.tokens = tokens{}
}

// lockAll takes mu and the locks of all tables until the returned function is
// called.
func (s *Store) lockAll() (unlock func()) {
	s.mu.Lock()
	all := s.sorted()
	for _, t := range all {
		t.mu.Lock()
	}
	return func() {
		for _, t := range all {
			t.mu.Unlock()
		}
		s.mu.Unlock()
	}
}

// sorted lists the tables by name. The caller holds mu.
func (s *Store) sorted() []*Table {
	names := slices.Sorted(maps.Keys(s.tables))
	all := make([]*Table, len(names))
	for i, name := range names {
		all[i] = s.tables[name]
	}
	return all
}

// Commit makes changes durable and visible: all of them or, when the journal cannot
// be written, none. used is the request token to remember with them, nil without
// one. The caller runs under Write or WriteTogether of all tables concerned. It
// fails with an InternalServerError.
func (s *Store) Commit(changes []Change, used *TokenUse) error {
	s.commits.Lock()
	defer s.commits.Unlock()
	changes = slices.DeleteFunc(changes, func(c Change) bool { return c.Old == c.Updated })
	if len(changes) == 0 && used == nil {
		return nil
	}
	return notKept(s.keep(func(out []byte) []byte { return appendCommit(out, s.sequence, changes, used) }, func() {
		if used != nil {
			s.tokens.remember(*used)
		}
		for _, c := range changes {
			s.sequence++
			c.Table.apply(c)
			s.queue.add(s.sequence, c, s.now)
		}
	}))
}
