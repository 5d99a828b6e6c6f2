package stripesim

import "windfall/local/stripesim/object"

// tx is one change of the store: a request, or one thing falling due. It sees
// its own writes; nobody else does until commit. Dropping it undoes everything,
// which is also how previews work: the same code, never committed.
type tx struct {
	s       *Sim
	now     int64
	seq     int64
	writes  map[rowKey]object.Row // nil: deleted
	order   []rowKey              // writes in the order they were first made
	seen    map[rowKey][]byte     // JSON of an object when its last event was made
	events  []*object.Event
	request object.EventRequest
	dry     bool            // a preview: no events, no payments
	present bool            // the buyer is there to authenticate
	shot    *object.Invoice // what a preview was asked for
}

// begin needs Sim.mu.
func (s *Sim) begin() *tx {
	return &tx{s: s, now: s.clock.Now().Unix(), seq: s.store.seq, writes: map[rowKey]object.Row{}, seen: map[rowKey][]byte{}}
}

// commit needs Sim.mu. The events go to the courier, which delivers them later.
func (t *tx) commit() {
	s := t.s
	s.store.seq = t.seq
	for _, k := range t.order {
		if r := t.writes[k]; r == nil {
			s.store.delete(k)
		} else {
			s.store.save(r)
		}
	}
	for _, e := range t.events {
		s.store.save(e)
	}
	s.journal.append(t)
	s.courier.accept(t.events)
}

func lookup(t *tx, k rowKey) (object.Row, bool) {
	if r, ok := t.writes[k]; ok {
		return r, r != nil
	}
	r, ok := t.s.store.rows[k]
	return r, ok
}

// find is an object to read; it must not be changed.
func find[T object.Row](t *tx, id string) (T, bool) {
	var zero T
	r, ok := lookup(t, rowKey{zero.Kind(), id})
	if !ok {
		return zero, false
	}
	return r.(T), true
}

// edit is an object to change. It must exist. Pointers got from find before
// stay as they were.
func edit[T object.Row](t *tx, id string) T {
	var zero T
	k := rowKey{zero.Kind(), id}
	if r, ok := t.writes[k]; ok {
		return r.(T)
	}
	r := t.s.store.rows[k].Copy()
	t.put(r)
	return r.(T)
}

// put adds a new object.
func (t *tx) put(r object.Row) {
	k := keyOf(r)
	if _, ok := t.writes[k]; !ok {
		t.order = append(t.order, k)
	}
	t.writes[k] = r
}

func (t *tx) remove(r object.Row) {
	t.put(r)
	t.writes[keyOf(r)] = nil
}

// all are the objects of one kind as created.
func all[T object.Row](t *tx) []T {
	var zero T
	return gather[T](t, t.s.store.order[zero.Kind()], func(object.Row) bool { return true })
}

// ownedBy are the objects of one kind that belong to one owner, as created.
func ownedBy[T object.Row](t *tx, owner string) []T {
	var zero T
	return gather[T](t, t.s.store.owned[rowKey{zero.Kind(), owner}], func(r object.Row) bool { return r.Owner() == owner })
}

func gather[T object.Row](t *tx, ids []string, keep func(object.Row) bool) []T {
	var zero T
	out := make([]T, 0, len(ids))
	have := make(map[string]bool, len(ids))
	for _, id := range ids {
		have[id] = true
		if r, ok := lookup(t, rowKey{zero.Kind(), id}); ok && keep(r) {
			out = append(out, r.(T))
		}
	}
	for _, k := range t.order {
		if k.kind == zero.Kind() && !have[k.id] {
			if r := t.writes[k]; r != nil && keep(r) {
				out = append(out, r.(T))
			}
		}
	}
	return out
}
