package store

import (
	"slices"

	"windfall/local/stripesim/object"
)

// Tx is one change of the store. It sees its own writes; nobody else does until
// Commit. Dropping it undoes everything.
type Tx struct {
	Seq int64 // number of the last id given out

	store  *Store
	writes map[Key]object.Row // nil: deleted
	order  []Key              // writes in the order they were first made
}

// Begin starts a change.
func (s *Store) Begin() *Tx {
	return &Tx{Seq: s.Seq, store: s, writes: map[Key]object.Row{}}
}

// Fork is a copy of the change to look ahead with.
func (t *Tx) Fork() *Tx {
	f := &Tx{Seq: t.Seq, store: t.store, writes: make(map[Key]object.Row, len(t.writes)), order: slices.Clone(t.order)}
	for k, r := range t.writes {
		if r != nil {
			r = r.Copy()
		}
		f.writes[k] = r
	}
	return f
}

// Commit makes the change everybody's.
func (t *Tx) Commit() {
	t.store.Seq = t.Seq
	for _, k := range t.order {
		if r := t.writes[k]; r == nil {
			t.store.Delete(k)
		} else {
			t.store.Save(r)
		}
	}
}

// Empty tells whether nothing would change.
func (t *Tx) Empty() bool { return len(t.order) == 0 }

// Wrote tells whether an object of a kind would change.
func (t *Tx) Wrote(kind string) bool {
	return slices.ContainsFunc(t.order, func(k Key) bool { return k.Kind == kind })
}

// Put adds an object.
func (t *Tx) Put(r object.Row) {
	k := KeyOf(r)
	if _, ok := t.writes[k]; !ok {
		t.order = append(t.order, k)
	}
	t.writes[k] = r
}

// Remove deletes an object.
func (t *Tx) Remove(r object.Row) {
	t.Put(r)
	t.writes[KeyOf(r)] = nil
}

// Lookup is an object of any kind; it must not be changed.
func (t *Tx) Lookup(k Key) (object.Row, bool) {
	if r, ok := t.writes[k]; ok {
		return r, r != nil
	}
	return t.store.Get(k)
}

// Committed is an object as it was before this change.
func (t *Tx) Committed(k Key) (object.Row, bool) { return t.store.Get(k) }

// Find is an object to read; it must not be changed.
func Find[T object.Row](t *Tx, id string) (T, bool) {
	var zero T
	r, ok := t.Lookup(Key{zero.Kind(), id})
	if !ok {
		return zero, false
	}
	return r.(T), true
}

// Edit is an object to change. It must exist. Pointers got from Find before
// stay as they were.
func Edit[T object.Row](t *Tx, id string) T {
	var zero T
	k := Key{zero.Kind(), id}
	if r, ok := t.writes[k]; ok {
		return r.(T)
	}
	old, _ := t.store.Get(k)
	r := old.Copy()
	t.Put(r)
	return r.(T)
}

// All are the objects of one type as created.
func All[T object.Row](t *Tx) []T {
	var zero T
	return gather[T](t, t.store.All(zero.Kind()), func(object.Row) bool { return true })
}

// OwnedBy are the objects of one type that belong to one owner, as created.
func OwnedBy[T object.Row](t *Tx, owner string) []T {
	var zero T
	return gather[T](t, t.store.owned(zero.Kind(), owner), func(r object.Row) bool { return r.Owner() == owner })
}

// gather are committed rows as they would be, and new ones behind them.
func gather[T object.Row](t *Tx, rows []object.Row, keep func(object.Row) bool) []T {
	var zero T
	out := make([]T, 0, len(rows))
	have := map[string]bool{}
	for _, r := range rows {
		if now, wrote := t.writes[KeyOf(r)]; wrote {
			have[r.Key()] = true
			r = now
		}
		if r != nil && keep(r) {
			out = append(out, r.(T))
		}
	}
	for _, k := range t.order {
		if k.Kind == zero.Kind() && !have[k.ID] {
			if r := t.writes[k]; r != nil && keep(r) {
				out = append(out, r.(T))
			}
		}
	}
	return out
}
