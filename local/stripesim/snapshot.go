package stripesim

import (
	"errors"
	"maps"
	"slices"
	"time"

	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// A Snapshot is a whole account at one moment: its objects, its clock, and the
// events that are held. It can be restored any number of times.
type Snapshot struct {
	store  *store.Store
	at     time.Time
	events delivery.State
}

// Snapshot keeps what the account is now. Nothing may be on its way: see Quiet.
func (s *Sim) Snapshot() Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Snapshot{s.store.Clone(), s.clock.Now(), s.courier.State()}
}

// Restore puts the account back to a snapshot of its own. An account that is
// kept in a file refuses, since the file would not follow, and so does one that
// runs with the wall clock.
func (s *Sim) Restore(was Snapshot) error {
	if s.journal.Kept() || s.clock.running {
		return errors.New("only an account in memory, whose clock stands, can be restored")
	}
	s.moving.Lock()
	defer s.moving.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.store, s.bodies = was.store.Clone(), bodies{}
	s.clock.back(was.at)
	s.courier.Restore(was.events, s.seed)
	return nil
}

// Dump returns all objects as text, one line each: the kind, a tab, and the
// object as its API shows it, but with whole lists, in the order they were made. Events and remembered
// requests are left out, being about objects and not objects themselves.
func (s *Sim) Dump() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.begin()
	var out []byte
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		if kind == (*object.Event)(nil).Kind() || kind == (*remembered)(nil).Kind() {
			continue
		}
		for _, r := range s.store.All(kind) {
			t.freshen(r)
			body, err := object.Encode(r) // whole, where the API shows the first of a list
			if err != nil {
				panic(err) // our own types always encode
			}
			out = append(append(append(append(out, kind...), '\t'), body...), '\n')
		}
	}
	return string(out)
}
