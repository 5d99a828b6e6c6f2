package store

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"windfall/local/stripesim/object"
)

// Journal is the file that a store survives a restart in: one line per changed
// object, written before the request is answered. Opening it again reads the
// lines and writes them back without what is out of date.
type Journal struct {
	path  string
	file  *os.File
	kinds map[string]func() object.Row
}

// Mark is what has to be remembered besides the objects.
type Mark struct {
	Seq, Requests, At int64
	Offset            time.Duration
}

// entry is one line: an object, a deleted object, or a mark.
type entry struct {
	Kind   string          `json:"k,omitempty"`
	ID     string          `json:"i,omitempty"`
	Object json.RawMessage `json:"o,omitempty"`
	Hidden json.RawMessage `json:"h,omitempty"`
	Mark   *Mark           `json:"m,omitempty"`
}

// Open reads the file at path into s and tells the last mark, nil for none.
// kinds makes an empty object of every kind. An empty path keeps nothing.
func Open(path string, s *Store, kinds map[string]func() object.Row) (*Journal, *Mark, error) {
	j := &Journal{path: path, kinds: kinds}
	if path == "" {
		return j, nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return j, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = f.Close() }()
	last, err := j.read(f, s)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	return j, last, nil
}

func (j *Journal) read(r io.Reader, s *Store) (*Mark, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	var last *Mark
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return last, nil // a line without its end was never answered
		}
		if err != nil {
			return nil, err
		}
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		if e.Mark != nil {
			last, s.Seq, s.Requests = e.Mark, e.Mark.Seq, e.Mark.Requests
			continue
		}
		if err := j.apply(e, s); err != nil {
			return nil, err
		}
	}
}

func (j *Journal) apply(e entry, s *Store) error {
	if e.Object == nil {
		s.Delete(Key{e.Kind, e.ID})
		return nil
	}
	empty, ok := j.kinds[e.Kind]
	if !ok {
		return fmt.Errorf("unknown kind %q", e.Kind)
	}
	row := empty()
	if err := json.Unmarshal(e.Object, row); err != nil {
		return err
	}
	if h := row.Hidden(); h != nil && e.Hidden != nil {
		if err := json.Unmarshal(e.Hidden, h); err != nil {
			return err
		}
	}
	s.Save(row)
	return nil
}

// Append writes what a transaction changed. Nothing that has been answered is
// lost when the process dies: the operating system has the bytes.
func (j *Journal) Append(t *Tx, m Mark) {
	if j.file == nil {
		return
	}
	var out []byte
	for _, k := range t.order {
		out = appendRow(out, k, t.writes[k])
	}
	_, _ = j.file.Write(appendLine(out, entry{Mark: &m}))
}

// Note writes a mark.
func (j *Journal) Note(m Mark) {
	if j.file != nil {
		_, _ = j.file.Write(appendLine(nil, entry{Mark: &m}))
	}
}

func appendRow(out []byte, k Key, r object.Row) []byte {
	e := entry{Kind: k.Kind, ID: k.ID}
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

// Rewrite starts the file anew with what the store holds.
func (j *Journal) Rewrite(s *Store, m Mark) error {
	if j.path == "" {
		return nil
	}
	next := j.path + ".new"
	f, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for _, kind := range slices.Sorted(maps.Keys(j.kinds)) {
		for _, id := range s.order[kind] {
			_, _ = w.Write(appendRow(nil, Key{kind, id}, s.rows[Key{kind, id}]))
		}
	}
	_, _ = w.Write(appendLine(nil, entry{Mark: &m}))
	if err := errors.Join(w.Flush(), os.Rename(next, j.path)); err != nil {
		return errors.Join(err, f.Close())
	}
	_ = j.Close()
	j.file = f
	return nil
}

// Kept tells whether there is a file.
func (j *Journal) Kept() bool { return j.path != "" }

// Close closes the file.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}
