package stripesim

import (
	"container/heap"

	"windfall/local/stripesim/object"
)

// A due entry says that a row wants attention at a time. Entries of rows that
// changed their mind stay in the heap and are skipped.
type dueEntry struct {
	at   int64
	rank int // schedules before subscriptions before invoices
	n    int64
	key  rowKey
}

type dueList struct {
	heap    []dueEntry
	current map[rowKey]int64
	n       int64
}

func (d *dueList) Len() int      { return len(d.heap) }
func (d *dueList) Swap(i, j int) { d.heap[i], d.heap[j] = d.heap[j], d.heap[i] }
func (d *dueList) Push(x any)    { d.heap = append(d.heap, x.(dueEntry)) }
func (d *dueList) Pop() any {
	last := d.heap[len(d.heap)-1]
	d.heap = d.heap[:len(d.heap)-1]
	return last
}

func (d *dueList) Less(i, j int) bool {
	a, b := d.heap[i], d.heap[j]
	if a.at != b.at {
		return a.at < b.at
	}
	if a.rank != b.rank {
		return a.rank < b.rank
	}
	return a.n < b.n
}

// next is the earliest entry that still holds.
func (d *dueList) next() (dueEntry, bool) {
	for len(d.heap) > 0 {
		if e := d.heap[0]; d.current[e.key] == e.at {
			return e, true
		}
		heap.Pop(d)
	}
	return dueEntry{}, false
}

// plan files the time at which a row falls due under the clock it lives on.
func (s *store) plan(k rowKey, r object.Row) {
	at, rank := dueOf(r)
	if rank < 0 {
		return
	}
	clock := clockOf(r)
	d := s.dues[clock]
	if d == nil {
		d = &dueList{current: map[rowKey]int64{}}
		s.dues[clock] = d
	}
	if at == 0 {
		delete(d.current, k)
		return
	}
	if d.current[k] != at {
		d.current[k] = at
		d.n++
		heap.Push(d, dueEntry{at: at, rank: rank, n: d.n, key: k})
	}
}

// clockOf is the test clock a row lives on, "" for the simulator's own.
func clockOf(r object.Row) string {
	switch o := r.(type) {
	case *object.Subscription:
		return string(o.TestClock)
	case *object.Invoice:
		return string(o.TestClock)
	case *object.Schedule:
		return string(o.TestClock)
	}
	return ""
}
