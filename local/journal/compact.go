package journal

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"os"
)

const (
	// smallest is the size below which a file is not worth compacting.
	smallest = 1 << 20
	// few is how many bytes may be left to copy while appends are blocked.
	few = 64 << 10
	// rounds is how often the compaction copies lines appended meanwhile.
	rounds = 10
)

// successorSuffix names the file that a compaction writes.
const successorSuffix = ".new"

var errClosing = errors.New("the journal is closed")

// Grown reports whether at least half of the file is history, so that Compact
// is due.
func (j *Journal) Grown() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.compacting == nil && j.size >= max(smallest, 2*j.base, j.again)
}

// Compact writes a file with the lines of state only, in the background, adds
// the lines appended meanwhile, and replaces the old file. state must be the
// outcome of all lines so far, so the caller allows no append before Compact
// returns; it is read later and must not change until then.
//
// The old file stays until the new one is complete: written, synced, renamed.
// If a step fails, the old one stays in use and the next try waits until it has
// grown by another quarter.
func (j *Journal) Compact(state iter.Seq[[]byte]) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.compacting != nil || j.file == nil || j.closing.Load() {
		return
	}
	from, done := j.size, make(chan struct{})
	lines := j.lines
	j.compacting = done
	go func() {
		err := j.replace(state, from, lines)
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.compacting = nil; err != nil && !errors.Is(err, errClosing) {
			j.again = j.size + j.size/4
			j.Log.Warn("the journal could not be compacted; it goes on as it is", "file", j.Path, "cause", err)
		}
		close(done)
	}()
}

// CatchUp waits for a compaction that the appends have left far behind, as on a busy
// machine: the file stays within a few times of what lives.
func (j *Journal) CatchUp() {
	j.mu.Lock()
	running := j.compacting
	behind := running != nil && j.size >= 3*max(smallest, 2*j.base)
	j.mu.Unlock()
	if behind {
		<-running
	}
}

// Wait returns when no compaction is running.
func (j *Journal) Wait() {
	j.mu.Lock()
	running := j.compacting
	j.mu.Unlock()
	if running != nil {
		<-running
	}
}

// A successor is the new file while it is written.
type successor struct {
	file  File
	size  int64
	lines int
}

func (s *successor) Write(p []byte) (int, error) {
	n, err := s.file.WriteAt(p, s.size)
	s.size += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}

// replace does the work of Compact. state has the first lines, so many as
// before, which end at from.
func (j *Journal) replace(state iter.Seq[[]byte], from int64, before int) (err error) {
	path := j.Path + successorSuffix
	file, err := j.Files.Open(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	next := &successor{file: file}
	placed := false
	defer func() {
		if !placed {
			err = errors.Join(err, file.Close(), j.Files.Remove(path))
		}
	}()
	if err := j.writeState(next, state); err != nil {
		return err
	}
	lives := next.size // what was appended meanwhile may be history already
	for range rounds {
		copied, err := j.follow(next, &from)
		if err == nil {
			err = file.Sync()
		}
		if err != nil {
			return err
		}
		if copied < few {
			break
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closing.Load() {
		return errClosing
	}
	if err := j.copy(next, from, j.size); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := j.Files.Rename(path, j.Path); err != nil {
		return err
	}
	placed = true
	old := j.file
	j.file, j.size, j.torn = file, next.size, false
	j.lines, j.base = next.lines+j.lines-before, lives
	return errors.Join(j.Files.SyncFolder(j.folder()), old.Close())
}

// follow copies the bytes appended since from, and returns how many.
func (j *Journal) follow(next *successor, from *int64) (int64, error) {
	j.mu.Lock()
	to := j.size
	j.mu.Unlock()
	copied := to - *from
	err := j.copy(next, *from, to)
	*from = to
	return copied, err
}

func (j *Journal) copy(next *successor, from, to int64) error {
	_, err := io.Copy(next, io.NewSectionReader(j.file, from, to-from))
	return err
}

func (j *Journal) writeState(next *successor, state iter.Seq[[]byte]) error {
	w := bufio.NewWriterSize(next, 256<<10)
	_, _ = w.Write(j.header()) // errors stick in w until Flush
	for line := range state {
		if j.closing.Load() {
			return errClosing
		}
		_, _ = w.Write(opening(line[1:]))
		_ = w.WriteByte(',')
		_, _ = w.Write(line[1:])
		if err := w.WriteByte('\n'); err != nil {
			return err
		}
		next.lines++
	}
	return w.Flush()
}
