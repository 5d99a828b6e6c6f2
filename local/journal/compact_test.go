package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Wherever the process dies or a step fails during a compaction, the next
// process finds every acknowledged line; after a power failure at least the
// lines from before the compaction.
func TestCompactionSurvivesAFaultAtEachStep(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(int) func(string, int) error{
		"killed": deadFrom,
		"full": func(first int) func(string, int) error {
			return func(_ string, n int) error {
				if n == first {
					return errFull
				}
				return nil
			}
		},
	} {
		for step := 1; ; step++ {
			d := newDisk()
			j := mustOpen(t, d, path)
			for i := range 40 {
				if err := j.set(fmt.Sprint(i%4), fmt.Sprint(i)); err != nil {
					t.Fatal(err)
				}
			}
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			j = mustOpen(t, d, path)
			before := j.String()
			d.mu.Lock()
			d.ops, d.fault, d.half = 0, fault(step), step%2 == 0
			d.mu.Unlock()
			j.Compact(j.state())
			for i := range 5 { // some before its end, some after
				if i == 3 {
					j.Wait()
				}
				_ = j.set("new", fmt.Sprint(i)) // set records the acknowledged rows
			}
			later := d.after(false)
			got := mustOpen(t, later, path)
			if _, left := later.names[path+".new"]; left || got.String() != j.String() {
				t.Fatalf("%s at step %d: %s, want %s; half a file left: %t", name, step, got, j, left)
			}
			left, err := open(d.after(true), path)
			if err != nil {
				t.Fatalf("%s at step %d, and the power failed: %v", name, step, err)
			}
			delete(left.rows, "new")
			if left.String() != before {
				t.Fatalf("%s at step %d, and the power failed: %s, want %s", name, step, left, before)
			}
			if d.ops < step {
				if step < 8 {
					t.Errorf("%s: only %d steps", name, step)
				}
				break
			}
		}
	}
}

// A failed compaction leaves no file, is logged, and is tried again when the
// file has grown.
func TestCompactionIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"open", "write", "sync", "rename"} {
		d := newDisk()
		j := mustOpen(t, d, path)
		value := strings.Repeat("x", 10_000)
		fill := func() (n int) {
			for n = 0; !j.Grown(); n++ {
				if err := j.set("a", fmt.Sprint(n, value)); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		fill()
		long := j.Size()
		d.fault = once(kind, 1, errFull)
		j.Compact(j.state())
		j.Wait()
		if _, left := d.names[path+".new"]; left || j.Size() != long {
			t.Errorf("%s: %d bytes, the new file is left: %v", kind, j.Size(), left)
		}
		if n := fill(); n < 20 || n > 40 { // another quarter of a megabyte
			t.Errorf("%s: tried again after %d lines", kind, n)
		}
		j.Compact(j.state())
		j.Wait()
		if j.Size() > 11_000 || j.Lines() != 1 {
			t.Errorf("%s: still %d bytes, %d lines", kind, j.Size(), j.Lines())
		}
		if got := mustOpen(t, d.after(true), path); got.String() != j.String() {
			t.Errorf("%s: opened again with other rows", kind)
		}
	}
}

// Lines appended during a compaction are in the new file.
func TestNobodyWaitsForACompaction(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "j")
	j := mustOpen(t, nil, file)
	for i := range 2000 {
		if err := j.set(fmt.Sprint(i), "old"); err != nil {
			t.Fatal(err)
		}
	}
	reading, appended := make(chan struct{}), make(chan struct{})
	state := j.state()
	j.Compact(func(yield func([]byte) bool) {
		close(reading)
		<-appended
		state(yield)
	})
	<-reading
	for i := range 1000 { // the compaction stands still, and these do not wait for it
		if err := j.set(fmt.Sprint(i), "new"); err != nil {
			t.Fatal(err)
		}
	}
	close(appended)
	j.Wait()
	if err := j.set("last", "one"); err != nil {
		t.Fatal(err)
	}
	if j.Lines() != 3001 {
		t.Errorf("%d lines", j.Lines())
	}
	want := j.String()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := j.set("closed", ""); !errors.Is(err, os.ErrClosed) {
		t.Errorf("written after Close: %v", err)
	}
	again := mustOpen(t, nil, file)
	if again.String() != want {
		t.Error("opened again with other rows")
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// Close does not wait for a whole compaction, and keeps the old file.
func TestCloseEndsACompaction(t *testing.T) {
	t.Parallel()
	d := newDisk()
	j := mustOpen(t, d, path)
	if err := j.set("a", "1"); err != nil {
		t.Fatal(err)
	}
	first := make(chan struct{})
	j.Compact(func(yield func([]byte) bool) {
		for i := 0; yield(line("a", "1")(nil)); i++ { // without end
			if i == 0 {
				close(first)
			}
		}
	})
	<-first
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := mustOpen(t, d.after(true), path); got.String() != `{"a":"1"}` {
		t.Errorf("opened again with %s", got)
	}
}
