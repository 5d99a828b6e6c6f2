package storage

// ReadStale runs f on an index as it was n changes ago.
func (t *Table) ReadStale(x *Index, n int, f func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return notFound(t.Name)
	}
	t.rewindIndex(x, n, false)
	f()
	t.rewindIndex(x, n, true)
	return nil
}

// rewindIndex undoes (or redoes) the newest n changes in one index only. The
// caller holds mu for writing.
func (t *Table) rewindIndex(x *Index, n int, redo bool) {
	changes := t.recent[len(t.recent)-min(n, len(t.recent)):]
	for i := range changes {
		if redo {
			x.change(t, changes[i].Old, changes[i].Updated)
			continue
		}
		c := changes[len(changes)-1-i]
		x.change(t, c.Updated, c.Old)
	}
}
