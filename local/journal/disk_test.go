package journal_test

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"syscall"

	"windfall/local/journal"
)

// A disk is a file system in memory that fails on command. It records what was
// synced, and so what a power failure leaves.
type disk struct {
	mu    sync.Mutex
	names map[string]*inode
	fault func(op string, n int) error // asked before each operation; n counts them from 1
	half  bool                         // a failing write has written its first half
	ops   int
}

type inode struct{ data, synced []byte }

func newDisk() *disk { return &disk{names: map[string]*inode{}} }

// after is the disk of the next process: after the last one was killed, or
// after a power failure.
func (d *disk) after(power bool) *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := newDisk()
	for name, n := range d.names {
		data := n.data
		if power {
			data = n.synced
		}
		left.names[name] = &inode{slices.Clone(data), slices.Clone(data)}
	}
	return left
}

// ask counts an operation and reports whether it fails. d.mu is locked.
func (d *disk) ask(op string) error {
	d.ops++
	if d.fault == nil {
		return nil
	}
	return d.fault(op, d.ops)
}

// on runs f unless the operation fails.
func (d *disk) on(op string, f func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.ask(op)
	if err == nil {
		f()
	}
	return err
}

func (d *disk) MakeFolder(string) error { return d.on("folder", func() {}) }

func (d *disk) Lock(string) (func() error, error) {
	return func() error { return nil }, d.on("lock", func() {})
}

func (d *disk) Open(path string, flag int) (journal.File, error) {
	var found *inode
	err := d.on("open", func() {
		if found = d.names[path]; found == nil {
			found = &inode{}
			d.names[path] = found
		}
		if flag&os.O_TRUNC != 0 {
			found.data = nil
		}
	})
	return handle{d, found}, err
}

func (d *disk) Rename(from, to string) error {
	return d.on("rename", func() { d.names[to] = d.names[from]; delete(d.names, from) })
}

func (d *disk) Remove(path string) error {
	if !slices.Contains(slices.Collect(maps.Keys(d.names)), path) {
		return fs.ErrNotExist
	}
	return d.on("remove", func() { delete(d.names, path) })
}

func (d *disk) SyncFolder(string) error { return d.on("sync folder", func() {}) }

type handle struct {
	disk *disk
	*inode
}

func (h handle) ReadAt(p []byte, at int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	if at >= int64(len(h.data)) {
		return 0, io.EOF
	}
	n := copy(p, h.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (h handle) WriteAt(p []byte, at int64) (int, error) {
	h.disk.mu.Lock()
	defer h.disk.mu.Unlock()
	err := h.disk.ask("write")
	if errors.Is(err, errShort) {
		err, p = nil, p[:len(p)/2]
	} else if err != nil && !h.disk.half {
		return 0, err
	} else if err != nil {
		p = p[:len(p)/2]
	}
	h.data = append(append([]byte(nil), h.data[:at]...), p...)
	h.inode.data = h.data
	return len(p), err
}

func (h handle) Size() (int64, error) { return int64(len(h.data)), nil }

func (h handle) Truncate(size int64) error {
	return h.disk.on("truncate", func() { h.data = h.data[:size] })
}

func (h handle) Sync() error {
	return h.disk.on("sync", func() { h.synced = slices.Clone(h.data) })
}

func (h handle) Close() error { return nil }

var (
	errFull  = &fs.PathError{Op: "write", Path: "/data/j", Err: syscall.ENOSPC}
	errShort = errors.New("fewer bytes than asked for, and no error")
	errDead  = errors.New("the process is gone")
)

// once lets the n-th operation of a kind fail.
func once(kind string, nth int, err error) func(string, int) error {
	seen := 0
	return func(op string, _ int) error {
		if op == kind {
			if seen++; seen == nth {
				return err
			}
		}
		return nil
	}
}

// deadFrom lets an operation and all after it fail.
func deadFrom(first int) func(string, int) error {
	return func(_ string, n int) error {
		if n >= first {
			return errDead
		}
		return nil
	}
}
