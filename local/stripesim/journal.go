package stripesim

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"windfall/local/stripesim/object"
)

// journal is the file that the state survives a restart in: one line per
// changed object, written before the request is answered. Opening it again
// reads the lines and writes them back without what is out of date.
type journal struct {
	path string
	file *os.File
}

// entry is one line: an object, a deleted object, or the counters.
type entry struct {
	Kind   string          `json:"k,omitempty"`
	ID     string          `json:"i,omitempty"`
	Object json.RawMessage `json:"o,omitempty"`
	Hidden json.RawMessage `json:"h,omitempty"`
	Marks  *marks          `json:"m,omitempty"`
}

type marks struct {
	Seq, Requests, At int64
	Offset            time.Duration
}

func openJournal(path string, into *store, clock *Clock) (*journal, error) {
	j := &journal{path: path}
	if path == "" {
		return j, nil
	}
	f, err := os.Open(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		err = readJournal(f, into, clock)
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	return j, j.rewrite(into, clock)
}

func readJournal(r io.Reader, into *store, clock *Clock) error {
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			relink(into)
			return nil // a line without its end was never answered
		}
		if err != nil {
			return err
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if err := e.apply(into, clock); err != nil {
			return err
		}
	}
}

func (e *entry) apply(into *store, clock *Clock) error {
	switch {
	case e.Marks != nil:
		into.seq, into.reqs = e.Marks.Seq, e.Marks.Requests
		clock.restore(e.Marks.At, e.Marks.Offset)
		return nil
	case e.Object == nil:
		into.delete(rowKey{e.Kind, e.ID})
		return nil
	}
	make, ok := kinds[e.Kind]
	if !ok {
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	row := make()
	if err := json.Unmarshal(e.Object, row); err != nil {
		return err
	}
	if h := row.Hidden(); h != nil && e.Hidden != nil {
		if err := json.Unmarshal(e.Hidden, h); err != nil {
			return err
		}
	}
	into.save(row)
	return nil
}

// relink lets embedded prices and coupons be the stored ones again.
func relink(s *store) {
	t := &tx{s: &Sim{store: s}}
	for _, r := range s.rows {
		t.freshen(r)
	}
}

// append writes what a transaction changed. Nothing that has been answered is
// lost when the process dies: the operating system has the bytes.
func (j *journal) append(t *tx) {
	if j.file == nil {
		return
	}
	var out []byte
	for _, k := range t.order {
		out = appendEntry(out, k, t.writes[k])
	}
	for _, e := range t.events {
		out = appendEntry(out, keyOf(e), e)
	}
	out = appendMarks(out, t.s.store, t.s.clock)
	_, _ = j.file.Write(out)
}

// mark notes where the clock stands.
func (j *journal) mark(s *store, clock *Clock) {
	if j.file != nil {
		_, _ = j.file.Write(appendMarks(nil, s, clock))
	}
}

func appendMarks(out []byte, s *store, clock *Clock) []byte {
	at, offset := clock.saved()
	return appendLine(out, entry{Marks: &marks{Seq: s.seq, Requests: s.reqs, At: at, Offset: offset}})
}

func appendEntry(out []byte, k rowKey, r object.Row) []byte {
	e := entry{Kind: k.kind, ID: k.id}
	if r != nil {
		e.Object, _ = object.Encode(r)
		if h := r.Hidden(); h != nil {
			e.Hidden, _ = object.Encode(h)
		}
	}
	return appendLine(out, e)
}

func appendLine(out []byte, e entry) []byte {
	line, _ := object.Encode(e)
	return append(append(out, line...), '\n')
}

// rewrite starts the file anew with the present state.
func (j *journal) rewrite(s *store, clock *Clock) error {
	if j.path == "" {
		return nil
	}
	next := j.path + ".new"
	f, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for kind := range kinds {
		for _, id := range s.order[kind] {
			_, _ = w.Write(appendEntry(nil, rowKey{kind, id}, s.rows[rowKey{kind, id}]))
		}
	}
	_, _ = w.Write(appendMarks(nil, s, clock))
	if err := errors.Join(w.Flush(), os.Rename(next, j.path)); err != nil {
		return err
	}
	_ = j.close()
	j.file = f
	return nil
}

func (j *journal) close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}
