package store

import (
	"container/heap"

	"windfall/local/stripesim/object"
)

// Due says that a row wants attention at a time. Entries of rows that changed
// their mind stay in the heap and are skipped.
type Due struct {
	At   int64
	Key  Key
	rank int
	n    int64
}

type dueList struct {
	heap    []Due
	current map[Key]int64
	n       int64
}

func (d *dueList) Len() int      { return len(d.heap) }
func (d *dueList) Swap(i, j int) { d.heap[i], d.heap[j] = d.heap[j], d.heap[i] }
func (d *dueList) Push(x any)    { d.heap = append(d.heap, x.(Due)) }
func (d *dueList) Pop() any {
	last := d.heap[len(d.heap)-1]
	d.heap = d.heap[:len(d.heap)-1]
	return last
}

func (d *dueList) Less(i, j int) bool {
	a, b := d.heap[i], d.heap[j]
	if a.At != b.At {
		return a.At < b.At
	}
	if a.rank != b.rank {
		return a.rank < b.rank
	}
	return a.n < b.n
}

// Next is the earliest thing that falls due on a clock.
func (s *Store) Next(clock string) (Due, bool) {
	d := s.dues[clock]
	if d == nil {
		return Due{}, false
	}
	for len(d.heap) > 0 {
		if e := d.heap[0]; d.current[e.Key] == e.At {
			return e, true
		}
		heap.Pop(d)
	}
	return Due{}, false
}

// schedule files the time at which a row falls due.
func (s *Store) schedule(k Key, r object.Row) {
	at, rank, clock := s.plan(r)
	if rank < 0 {
		return
	}
	d := s.dues[clock]
	if d == nil {
		d = &dueList{current: map[Key]int64{}}
		s.dues[clock] = d
	}
	if at == 0 {
		delete(d.current, k)
		return
	}
	if d.current[k] != at {
		d.current[k] = at
		d.n++
		heap.Push(d, Due{At: at, rank: rank, n: d.n, Key: k})
	}
}

func (s *Store) unschedule(k Key) {
	for _, d := range s.dues {
		delete(d.current, k)
	}
}
