package store

import (
	"slices"

	"windfall/local/stripesim/object"
)

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

	plan   Plan
	rows   map[string]map[string]place // kind -> id -> where its row is packed
	fluid  map[Key]object.Row          // rows that are there unpacked
	order  map[string][]string         // kind -> ids as created
	owned  map[Key][]string            // kind and owner -> ids as created
	dues   map[string]*dueList         // clock -> what falls due on it
	made   map[string][]int64          // kind -> when each of order was made, of kinds that are forgotten
	remade map[string]bool             // whether one of them was made again
	fresh  func(*Store, object.Row)
	packer packer
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
	s.rows, s.fluid, s.order, s.owned = map[string]map[string]place{}, map[Key]object.Row{}, map[string][]string{}, map[Key][]string{}
	s.dues, s.made, s.remade = map[string]*dueList{}, map[string][]int64{}, map[string]bool{}
	s.Packs(s.packer.kinds, s.fresh)
}

// Get is an object as it was last committed; it must not be changed.
func (s *Store) Get(k Key) (object.Row, bool) {
	at, ok := s.slot(k)
	if !ok || at.row != nil {
		return at.row, ok
	}
	r := s.thaw(k, at)
	s.warmUp(k, at, r)
	return r, true
}

// Look is Get for one who looks at many.
func (s *Store) Look(k Key) (object.Row, bool) {
	at, ok := s.slot(k)
	if !ok || at.row != nil {
		return at.row, ok
	}
	return s.thaw(k, at), true
}

// count is the number of rows.
func (s *Store) count() (n int) {
	for _, rows := range s.rows {
		n += len(rows)
	}
	return n
}

// IDs are the ids of a kind as created.
func (s *Store) IDs(kind string) []string { return s.order[kind] }

// Rows are all objects of a type as created.
func Rows[T object.Row](s *Store) []T {
	var zero T
	out := make([]T, 0, len(s.order[zero.Kind()]))
	for _, id := range s.order[zero.Kind()] {
		r, _ := s.Look(Key{zero.Kind(), id})
		out = append(out, r.(T))
	}
	return out
}

// Save files a row under its kind, its owner and the time it falls due.
func (s *Store) Save(r object.Row) {
	k := KeyOf(r)
	was, known := s.slot(k)
	if !known {
		s.order[k.Kind] = append(s.order[k.Kind], k.ID)
	}
	if o := r.Owner(); o != "" && (!known || s.ownerOf(k) != o) {
		at := Key{k.Kind, o}
		s.owned[at] = append(s.owned[at], k.ID)
	}
	s.set(k, slot{row: r})
	s.age(k, r, known)
	s.heat(k, was, known)
	s.schedule(k, r)
}

func (s *Store) ownerOf(k Key) string {
	r, _ := s.Get(k)
	return r.Owner()
}

// Delete forgets a row.
func (s *Store) Delete(k Key) {
	if r, ok := s.Get(k); ok && r.Owner() != "" {
		at := Key{k.Kind, r.Owner()}
		s.owned[at] = slices.DeleteFunc(slices.Clone(s.owned[at]), func(id string) bool { return id == k.ID })
	}
	s.drop(k)
	if at := slices.Index(s.order[k.Kind], k.ID); at >= 0 {
		s.order[k.Kind] = slices.Delete(slices.Clone(s.order[k.Kind]), at, at+1)
		if ages := s.made[k.Kind]; at < len(ages) {
			s.made[k.Kind] = slices.Delete(slices.Clone(ages), at, at+1)
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
		s.drop(Key{kind, id})
	}
	s.order[kind] = append([]string{}, ids[most/5:]...)
	if ages := s.made[kind]; len(ages) == len(ids) {
		s.made[kind] = append([]int64(nil), ages[most/5:]...)
	}
}
