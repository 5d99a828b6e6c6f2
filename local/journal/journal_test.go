package journal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"syscall"
	"testing"

	"windfall/local/journal"
)

// A table is the outcome of the tests' lines: the last value of each key.
type table struct {
	*journal.Journal
	rows map[string]string
}

type row struct{ Key, Value string }

func open(d journal.Files, path string) (*table, error) {
	t := &table{rows: map[string]string{}}
	var err error
	t.Journal, err = journal.Open(journal.Options{Path: path, Kind: "table", Files: d}, func(line []byte) error {
		var r row
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		if r.Key == "" {
			return errors.New("no key")
		}
		t.rows[r.Key] = r.Value
		return nil
	})
	return t, err
}

func mustOpen(t *testing.T, d journal.Files, path string) *table {
	t.Helper()
	opened, err := open(d, path)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func line(key, value string) func([]byte) []byte {
	return func(out []byte) []byte { return fmt.Appendf(out, `{"Key":%q,"Value":%q}`, key, value) }
}

// set writes a row; a refused one is not in rows.
func (t *table) set(key, value string) error {
	err := t.Append(line(key, value))
	if err == nil {
		t.rows[key] = value
	}
	return err
}

// state has the lines of a compaction.
func (t *table) state() iter.Seq[[]byte] {
	var lines [][]byte
	for key, value := range t.rows {
		lines = append(lines, line(key, value)(nil))
	}
	return slices.Values(lines)
}

func (t *table) String() string {
	out, _ := json.Marshal(t.rows)
	return string(out)
}

const path = "/data/j"

// A write that fails in any way is refused, loses no other line and leaves
// nothing behind; the next one works.
func TestARefusedLineIsNotThere(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]struct {
		err      error
		half     bool
		truncate bool // removing it fails too
	}{
		"full":                      {errFull, false, false},
		"full after half":           {errFull, true, false},
		"short without an error":    {errShort, false, false},
		"half, and it stays":        {errFull, true, true},
		"short, and the half stays": {errShort, false, true},
	} {
		d := newDisk()
		j := mustOpen(t, d, path)
		for i := range 3 {
			if err := j.set(fmt.Sprint(i), "before"); err != nil {
				t.Fatal(name, err)
			}
		}
		writes, truncates := once("write", 1, fault.err), once("truncate", 1, syscall.EIO)
		d.half = fault.half
		d.fault = func(op string, n int) error {
			if op == "truncate" && fault.truncate {
				return truncates(op, n)
			}
			return writes(op, n)
		}
		err := j.set("1", "refused")
		if err == nil || !strings.Contains(err.Error(), "/data") || !strings.Contains(err.Error(), "make room") {
			t.Errorf("%s: refused with %v", name, err)
		}
		if got := mustOpen(t, d.after(false), path); got.String() != j.String() {
			t.Errorf("%s: killed after it: %s, want %s", name, got, j)
		}
		if err := j.set("2", "later"); err != nil {
			t.Errorf("%s: the next write: %v", name, err)
		}
		if err := j.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := mustOpen(t, d.after(true), path); got.String() != j.String() {
			t.Errorf("%s: opened again with %s, want %s", name, got, j)
		}
	}
}

// Close returns the error of a failed sync.
func TestCloseTellsOfALostSync(t *testing.T) {
	t.Parallel()
	d := newDisk()
	j := mustOpen(t, d, path)
	d.fault = once("sync", 1, io.ErrUnexpectedEOF)
	if err := j.Close(); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), path) {
		t.Errorf("closed with %v", err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("closed again with %v", err)
	}
}
