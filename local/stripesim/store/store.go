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

	plan    Plan
	shelves map[string]*shelf   // by kind
	dues    map[string]*dueList // clock -> what falls due on it
	fresh   func(*Store, object.Row)
	packer  packer
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
	s.shelves, s.dues = map[string]*shelf{}, map[string]*dueList{}
	s.Packs(s.packer.kinds, s.fresh)
}

func (s *Store) shelf(kind string) *shelf {
	h := s.shelves[kind]
	if h == nil {
		h = newShelf(kind)
		s.shelves[kind] = h
	}
	return h
}

// lookup is an object and its number, 0 for none.
func (s *Store) lookup(k Key) (int32, object.Row) {
	h := s.shelves[k.Kind]
	if h == nil {
		return 0, nil
	}
	if n := h.ids[hash(k.ID)]; n != 0 {
		if r := s.row(h, n); r.Key() == k.ID {
			return n, r
		}
	}
	if n := h.twins[k.ID]; n != 0 {
		return n, s.row(h, n)
	}
	return 0, nil
}

// row is a row of a shelf, unpacked if it must be.
func (s *Store) row(h *shelf, n int32) object.Row {
	if r := h.fluid[n]; r != nil {
		return r
	}
	return s.thaw(h.kind, h.block(n), int(h.at[n-h.first]))
}

// Get is an object as it was last committed; it must not be changed.
func (s *Store) Get(k Key) (object.Row, bool) {
	n, r := s.lookup(k)
	if r == nil {
		return nil, false
	}
	s.warmUp(s.shelves[k.Kind], n, r)
	return r, true
}

// count is the number of rows.
func (s *Store) count() (n int) {
	for _, h := range s.shelves {
		n += h.count()
	}
	return n
}

// Rows are all objects of a type as created.
func Rows[T object.Row](s *Store) []T {
	var zero T
	rows := s.All(zero.Kind())
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = r.(T)
	}
	return out
}

// All are the objects of a kind as created.
func (s *Store) All(kind string) []object.Row {
	h := s.shelf(kind)
	out := make([]object.Row, 0, h.count())
	for n := range h.numbers() {
		out = append(out, s.row(h, n))
	}
	return out
}

// owned are the objects of a kind and an owner, as created.
func (s *Store) owned(kind, owner string) (out []object.Row) {
	h := s.shelf(kind)
	for _, n := range h.of(owner) {
		if r := s.row(h, n); r.Owner() == owner {
			out = append(out, r)
		}
	}
	return out
}

// Save files a row under its kind, its owner and the time it falls due.
func (s *Store) Save(r object.Row) {
	k := KeyOf(r)
	h, owner := s.shelf(k.Kind), ""
	n, was := s.lookup(k)
	known := was != nil
	if known {
		owner = was.Owner()
	} else {
		n = h.add(k.ID)
	}
	h.own(n, owner, r.Owner())
	packed := h.block(n) != nil
	h.put(n, r)
	h.note(n, r, known)
	if !known || packed {
		s.heat(h, n)
	}
	s.schedule(k, r)
}

// Delete forgets a row.
func (s *Store) Delete(k Key) {
	if n, r := s.lookup(k); r != nil {
		s.shelves[k.Kind].drop(n, r)
		s.unschedule(k)
	}
}

// Present calls f for each row that is not packed.
func (s *Store) Present(f func(object.Row)) {
	for _, h := range s.shelves {
		for _, r := range h.fluid {
			f(r)
		}
	}
}
