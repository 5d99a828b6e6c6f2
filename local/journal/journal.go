// Package journal makes data durable in a file of lines: one line of JSON for
// each commit, in order. The database and the Stripe simulator each have one.
//
//	How is a line written, or taken back?         journal.go
//	What is accepted when the file is read?       read.go
//	How does a line prove that it is whole?       line.go
//	How does the file stay small?                 compact.go
//	What does it need of the operating system?    files.go, files_unix.go
//
// A line holds a whole commit, so a commit is in the file or it is not, wherever
// the process dies. Append returns when the operating system has the line: it
// survives a killed process. Lines are synced when the file is compacted or
// closed, not one by one, so a power failure may cost the last ones.
package journal

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Options describe the file.
type Options struct {
	Path  string
	Kind  string       // the kind of content; a file of another kind is refused
	Files Files        // nil: those of the operating system
	Log   *slog.Logger // gets cut lines, refused commits and failed compactions; nil discards them
}

// A Journal is an open file. Its methods are safe for concurrent use.
type Journal struct {
	Options
	unlock  func() error
	closing atomic.Bool

	mu         sync.Mutex // guards all below
	file       File
	size       int64 // where the next line begins
	lines      int   // without the header
	base       int64 // the size when the file had no history
	again      int64 // the size at which a failed compaction is tried again
	torn       bool  // after size there may be a part of a line
	buffer     []byte
	compacting chan struct{} // closed at the end of the compaction; nil if there is none
}

// Open reads the file, creates it if there is none, and locks its folder.
// replay applies one line; it may keep it. A file that is not exactly what was
// written is refused and left as it is, except for a last line without an end:
// its commit was never acknowledged.
func Open(o Options, replay func(line []byte) error) (_ *Journal, err error) {
	if o.Files == nil {
		o.Files = System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	j := &Journal{Options: o}
	if err := o.Files.MakeFolder(j.folder()); err != nil {
		return nil, fmt.Errorf("make the folder %s: %w; the data needs a folder that can be written: name another one with -data", j.folder(), err)
	}
	if j.unlock, err = o.Files.Lock(j.folder()); err != nil {
		return nil, fmt.Errorf("open %s: %w", j.folder(), err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, j.abandon())
		}
	}()
	_ = o.Files.Remove(o.Path + successorSuffix) // of a compaction that was killed; the next one would replace it, too
	if j.file, err = o.Files.Open(o.Path, os.O_RDWR|os.O_CREATE); err != nil {
		return nil, fmt.Errorf("%w; the data needs a folder that can be written: name another one with -data", err)
	}
	if err := j.read(replay); err != nil {
		return nil, err
	}
	j.base = j.size
	return j, nil
}

func (j *Journal) folder() string { return filepath.Dir(j.Path) }

// Append writes one line, a JSON object that line appends to out. Without an
// error the line is written; with an error nothing is.
func (j *Journal) Append(line func(out []byte) []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return fmt.Errorf("write %s: %w", j.Path, os.ErrClosed)
	}
	j.buffer = seal(line(append(j.buffer[:0], blank...)))
	if err := j.write(j.buffer); err != nil {
		j.Log.Error("a commit was refused: it cannot be written", "file", j.Path, "cause", err)
		return fmt.Errorf("%w; nothing was changed: make room in %s and try again", err, j.folder())
	}
	j.lines++
	return nil
}

// write appends text to the file, whole or not at all.
func (j *Journal) write(text []byte) error {
	if j.torn { // an earlier part could not be removed
		if err := j.file.Truncate(j.size); err != nil {
			return err
		}
		j.torn = false
	}
	n, err := j.file.WriteAt(text, j.size)
	if err == nil && n < len(text) {
		err = fmt.Errorf("write %s: %w", j.Path, io.ErrShortWrite)
	}
	if err != nil {
		j.torn = j.file.Truncate(j.size) != nil
		return err
	}
	j.size += int64(n)
	return nil
}

// Lines is the number of lines.
func (j *Journal) Lines() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines
}

// Size is the length of the file, in bytes.
func (j *Journal) Size() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size
}

// Close stops a compaction, syncs the file and unlocks the folder.
func (j *Journal) Close() error {
	j.closing.Store(true)
	j.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := j.file.Sync()
	if err != nil {
		err = fmt.Errorf("%w; the last changes in %s may be lost", err, j.Path)
	}
	return errors.Join(err, j.abandon())
}

// abandon closes the file as it is.
func (j *Journal) abandon() error {
	var err error
	if j.file != nil {
		err = j.file.Close()
		j.file = nil
	}
	return errors.Join(err, j.unlock())
}
