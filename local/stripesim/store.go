package stripesim

import "windfall/local/stripesim/object"

type rowKey struct{ kind, id string }

func keyOf(r object.Row) rowKey { return rowKey{r.Kind(), r.Key()} }

// store holds every object in memory. It is guarded by Sim.mu.
type store struct {
	rows    map[rowKey]object.Row
	order   map[string][]string // kind -> ids as created
	owned   map[rowKey][]string // kind and owner -> ids as created
	owner   map[rowKey]string   // under which owner a row is filed
	dues    map[string]*dueList // test clock, or "" -> what falls due on it
	seq     int64               // number of the last id
	reqs    int64               // number of the last request
	created map[string]string   // invoice -> its invoice.created event
	working map[string]bool     // idempotency keys of requests being answered
}

func newStore() *store {
	return &store{
		rows: map[rowKey]object.Row{}, order: map[string][]string{}, owned: map[rowKey][]string{},
		owner: map[rowKey]string{}, dues: map[string]*dueList{}, working: map[string]bool{}, created: map[string]string{},
	}
}

// save files a row under its kind, its owner and the time it falls due.
func (s *store) save(r object.Row) {
	k := keyOf(r)
	if _, known := s.rows[k]; !known {
		s.order[k.kind] = append(s.order[k.kind], k.id)
	}
	s.rows[k] = r
	if e, ok := r.(*object.Event); ok && e.Type == "invoice.created" {
		s.created[e.State.ObjectID] = e.ID
	}
	if o := r.Owner(); o != "" && s.owner[k] != o {
		s.owner[k] = o
		at := rowKey{k.kind, o}
		s.owned[at] = append(s.owned[at], k.id)
	}
	s.plan(k, r)
}

func (s *store) delete(k rowKey) {
	delete(s.rows, k)
	for _, d := range s.dues {
		delete(d.current, k)
	}
	ids := s.order[k.kind]
	for i, id := range ids {
		if id == k.id {
			s.order[k.kind] = append(append([]string{}, ids[:i]...), ids[i+1:]...)
			break
		}
	}
}
