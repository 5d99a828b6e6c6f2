package store

import (
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"windfall/local/journal"
	"windfall/local/stripesim/object"
)

// Journal is the file that a store survives a restart in: one line for each
// transaction, written before it is committed. Without a file it does nothing.
type Journal struct {
	file  *journal.Journal
	kinds map[string]func() object.Row
	last  *Mark
	read  int // rows in the lines of the file as it was opened
}

// Mark is what has to be remembered besides the objects.
type Mark struct {
	Seq, Requests, At int64
	Offset            time.Duration
}

// entry is one line: what a transaction changed, and a mark. A reset forgets all
// that was before. Lines of earlier files hold one object in place of Rows.
type entry struct {
	Reset bool  `json:"reset,omitempty"`
	Rows  []row `json:"rows,omitempty"`
	Mark  *Mark `json:"m,omitempty"`
	row
}

// row is an object, or a deleted one.
type row struct {
	Kind   string          `json:"k,omitempty"`
	ID     string          `json:"i,omitempty"` // only a deleted one needs it
	Object json.RawMessage `json:"o,omitempty"`
	Hidden json.RawMessage `json:"h,omitempty"`
}

// Options say where the file is.
type Options struct {
	Path  string // "" keeps nothing
	Kinds map[string]func() object.Row
	Files journal.Files // nil: the operating system's
	Log   *slog.Logger
}

// Open reads the file into s and tells the last mark, nil for none.
func Open(o Options, s *Store) (*Journal, *Mark, error) {
	j := &Journal{kinds: o.Kinds}
	if o.Path == "" {
		return j, nil, nil
	}
	var err error
	j.file, err = journal.Open(journal.Options{Path: o.Path, Kind: "stripe", Files: o.Files, Log: o.Log}, func(line []byte) error { return j.replay(line, s) })
	if err != nil {
		return nil, nil, fmt.Errorf("open the Stripe simulator: %w", err)
	}
	return j, j.last, nil
}

// Shrink writes the file anew if most rows that were read from it are history: many short
// runs, none of which doubles it, would never make it smaller.
func (j *Journal) Shrink(s *Store) {
	if j.last != nil && j.read > 1000 && j.read > 2*s.count() {
		j.file.Compact(j.state(s, *j.last))
		j.file.Wait()
	}
}

func (j *Journal) replay(line []byte, s *Store) error {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if e.Reset {
		s.Clear()
	}
	if e.Kind != "" {
		e.Rows = append(e.Rows, e.row)
	}
	if len(e.Rows) == 0 && e.Mark == nil {
		return fmt.Errorf("it holds neither an object nor a mark")
	}
	j.read += len(e.Rows)
	for _, r := range e.Rows {
		if err := j.apply(r, s); err != nil {
			return err
		}
	}
	if e.Mark != nil {
		j.last, s.Seq, s.Requests = e.Mark, e.Mark.Seq, e.Mark.Requests
	}
	return nil
}

func (j *Journal) apply(r row, s *Store) error {
	empty, ok := j.kinds[r.Kind]
	if !ok {
		return fmt.Errorf("unknown kind %q", r.Kind)
	}
	if r.Object == nil {
		s.Delete(Key{r.Kind, r.ID})
		return nil
	}
	o := empty()
	if err := json.Unmarshal(r.Object, o); err != nil {
		return err
	}
	if h := o.Hidden(); h != nil && r.Hidden != nil {
		if err := json.Unmarshal(r.Hidden, h); err != nil {
			return err
		}
	}
	s.Save(o)
	return nil
}

// Append writes what a transaction changes. With an error nothing is written,
// and the transaction must not be committed.
func (j *Journal) Append(t *Tx, m Mark) error {
	e := entry{Mark: &m}
	if j.file != nil { // encoding for nobody would be slow
		for _, k := range t.order {
			e.Rows = append(e.Rows, rowOf(k, t.writes[k]))
		}
	}
	return j.write(e)
}

// Note writes a mark.
func (j *Journal) Note(m Mark) error { return j.write(entry{Mark: &m}) }

// Reset writes that only the objects of s are left.
func (j *Journal) Reset(s *Store, m Mark) error {
	e := entry{Reset: true, Mark: &m}
	for _, kind := range slices.Sorted(maps.Keys(s.shelves)) {
		for _, r := range s.All(kind) {
			e.Rows = append(e.Rows, rowOf(KeyOf(r), r))
		}
	}
	return j.write(e)
}

func (j *Journal) write(e entry) error {
	if j.file == nil {
		return nil
	}
	return j.file.Append(func(out []byte) []byte { return append(out, encode(e)...) })
}

func encode(e entry) []byte {
	line, _ := object.Encode(e) // our own types always encode
	return line
}

func rowOf(k Key, o object.Row) row {
	r := row{Kind: k.Kind, ID: k.ID}
	if o != nil {
		r.Object, _ = object.Encode(o)
		if h := o.Hidden(); h != nil {
			r.Hidden, _ = object.Encode(h)
		}
	}
	return r
}

// Tidy lets the file shrink, in the background, to what s holds once most of it
// is history.
func (j *Journal) Tidy(s *Store, m Mark) {
	if j.file == nil {
		return
	}
	if j.file.Grown() {
		j.file.Compact(j.state(s, m))
	}
	j.file.CatchUp()
}

// state are the lines that lead to s as it is. They are encoded when they are
// asked for, from copies: a committed object is replaced, not changed, but for the
// prices and coupons inside it, which follow their originals.
func (j *Journal) state(s *Store, m Mark) iter.Seq[[]byte] {
	type content struct {
		kind  string
		row   object.Row // nil: packed
		block *block
		at    int
	}
	all := make([]content, 0, s.count())
	for _, kind := range slices.Sorted(maps.Keys(s.shelves)) {
		h := s.shelves[kind]
		for n := range h.numbers() {
			if r := h.fluid[n]; r != nil {
				all = append(all, content{kind: kind, row: r.Copy()})
			} else {
				all = append(all, content{kind: kind, block: h.block(n), at: int(h.at[n-h.first])})
			}
		}
	}
	return func(yield func([]byte) bool) {
		var open opened
		for _, c := range all {
			r := row{Kind: c.kind}
			if c.row != nil {
				r = rowOf(KeyOf(c.row), c.row)
			} else {
				r.Object, r.Hidden = rowAt(open.of(c.block), c.at)
			}
			if len(r.Hidden) == 0 {
				r.Hidden = nil
			}
			if !yield(encode(entry{Rows: []row{r}})) {
				return
			}
		}
		yield(encode(entry{Mark: &m}))
	}
}

// Kept tells whether there is a file.
func (j *Journal) Kept() bool { return j.file != nil }

// Close closes the file. What is appended after it is refused.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
