// Package journaltest has a disk that can be full, for the tests of packages
// that use a journal.
package journaltest

import (
	"fmt"
	"sync/atomic"
	"syscall"

	"windfall/local/journal"
)

// A Disk is real files that take only half of each write while Full is set.
type Disk struct {
	journal.System
	Full atomic.Bool
}

// Open implements journal.Files.
func (d *Disk) Open(path string, flag int) (journal.File, error) {
	f, err := d.System.Open(path, flag)
	return file{f, path, d}, err
}

type file struct {
	journal.File
	path string
	disk *Disk
}

func (f file) WriteAt(p []byte, at int64) (int, error) {
	if !f.disk.Full.Load() {
		return f.File.WriteAt(p, at)
	}
	n, _ := f.File.WriteAt(p[:len(p)/2], at)
	return n, fmt.Errorf("write %s: %w", f.path, syscall.ENOSPC)
}
