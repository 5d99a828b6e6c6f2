package store

import "windfall/local/stripesim/object"

// Key names an object.
type Key struct{ Kind, ID string }

// KeyOf is the key of an object.
func KeyOf(r object.Row) Key { return Key{r.Kind(), r.Key()} }

// Plan tells when an object wants attention (0: never), its rank among those of
// the same second (below 0: its kind never does), and the clock it lives on.
type Plan func(r object.Row) (at int64, rank int, clock string)

// Store holds every object.
type Store struct {
	Seq      int64 // number of the last id
	Requests int64 // number of the last request

	plan  Plan
	rows  map[Key]object.Row
	order map[string][]string // kind -> ids as created
	owned map[Key][]string    // kind and owner -> ids as created
	owner map[Key]string      // under which owner a row is filed
	dues  map[string]*dueList // clock -> what falls due on it
}

// New is an empty store.
func New(plan Plan) *Store {
	s := &Store{plan: plan}
	s.Clear()
	return s
}

// Clear forgets every object.
func (s *Store) Clear() {
	s.Seq, s.Requests = 0, 0
	s.rows, s.order, s.owned = map[Key]object.Row{}, map[string][]string{}, map[Key][]string{}
	s.owner, s.dues = map[Key]string{}, map[string]*dueList{}
}

// Get is an object as it was last committed; it must not be changed.
func (s *Store) Get(k Key) (object.Row, bool) {
	r, ok := s.rows[k]
	return r, ok
}

// IDs are the ids of a kind as created.
func (s *Store) IDs(kind string) []string { return s.order[kind] }

// Rows are all objects of a type as created.
func Rows[T object.Row](s *Store) []T {
	var zero T
	out := make([]T, 0, len(s.order[zero.Kind()]))
	for _, id := range s.order[zero.Kind()] {
		out = append(out, s.rows[Key{zero.Kind(), id}].(T))
	}
	return out
}

// Save files a row under its kind, its owner and the time it falls due.
func (s *Store) Save(r object.Row) {
	k := KeyOf(r)
	if _, known := s.rows[k]; !known {
		s.order[k.Kind] = append(s.order[k.Kind], k.ID)
	}
	s.rows[k] = r
	if o := r.Owner(); o != "" && s.owner[k] != o {
		s.owner[k] = o
		at := Key{k.Kind, o}
		s.owned[at] = append(s.owned[at], k.ID)
	}
	s.schedule(k, r)
}

// Delete forgets a row.
func (s *Store) Delete(k Key) {
	delete(s.rows, k)
	s.unschedule(k)
	ids := s.order[k.Kind]
	for i, id := range ids {
		if id == k.ID {
			s.order[k.Kind] = append(append([]string{}, ids[:i]...), ids[i+1:]...)
			break
		}
	}
}

// Trim forgets the oldest fifth of a kind when there are more than most.
func (s *Store) Trim(kind string, most int) {
	ids := s.order[kind]
	if len(ids) <= most {
		return
	}
	for _, id := range ids[:most/5] {
		delete(s.rows, Key{kind, id})
		s.unschedule(Key{kind, id})
	}
	s.order[kind] = append([]string{}, ids[most/5:]...)
}
