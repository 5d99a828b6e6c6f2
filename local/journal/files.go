package journal

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Files are the functions of the operating system that a journal uses. Tests
// let each of them fail.
type Files interface {
	MakeFolder(path string) error
	// Lock keeps a second process from opening the folder. The lock ends with
	// the process, however that ends.
	Lock(folder string) (unlock func() error, err error)
	Open(path string, flag int) (File, error)
	Rename(from, to string) error
	Remove(path string) error
	SyncFolder(path string) error // makes a new name durable
}

// File is an open file.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Size() (int64, error)
	Truncate(size int64) error
	Sync() error
}

// System is the operating system's Files.
type System struct{}

// MakeFolder implements Files.
func (System) MakeFolder(path string) error { return os.MkdirAll(path, 0o755) }

// Open implements Files. The files have webhook secrets, so only their owner
// can read them.
func (System) Open(path string, flag int) (File, error) {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

// Rename implements Files.
func (System) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements Files.
func (System) Remove(path string) error { return os.Remove(path) }

// Lock implements Files.
func (System) Lock(folder string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w; the data needs a folder that can be written: name another one with -data", err)
	}
	if err := lock(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 20)) // the process id is only a help
		_ = f.Close()
		return nil, fmt.Errorf("another process has it open (%s): end it, or name another folder with -data: %w", strings.TrimSpace("process "+string(holder)), err)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt(fmt.Append(nil, os.Getpid()), 0) // a full disk still locks
	}
	return f.Close, nil // closing gives the lock up
}

type file struct{ *os.File }

func (f file) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
