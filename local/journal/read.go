package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// version is the version that this code writes. Version 1 had neither header
// nor checksums and is still read; the first compaction converts it.
const version = 2

// A header is the first line.
type header struct {
	Journal string `json:"journal"` // the kind
	Version int    `json:"version"`
}

func (j *Journal) header() []byte {
	line, _ := json.Marshal(header{j.Kind, version}) // texts and numbers always encode
	return append(line, '\n')
}

// read applies every line. It changes the file only at its end: a new file gets
// its header, a line without an end is removed.
func (j *Journal) read(replay func(line []byte) error) error {
	length, err := j.file.Size()
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, 0, length), 1<<20)
	old := true
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return j.end(n, line)
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", j.Path, err)
		}
		j.size += int64(len(line))
		if n == 1 {
			if old, err = j.first(line); err != nil {
				return err
			}
			if !old {
				continue
			}
		}
		body, err := open(line[:len(line)-1], old)
		if err == nil {
			err = replay(body)
		}
		if err != nil {
			return j.damaged(n, err)
		}
		j.lines++
	}
}

// first reports whether the file is of version 1, whose first line is a commit.
func (j *Journal) first(line []byte) (old bool, err error) {
	var h header
	if json.Unmarshal(line, &h) != nil || h.Journal == "" {
		return true, nil
	}
	switch {
	case h.Journal != j.Kind:
		return false, fmt.Errorf("%s holds the data of %q, not of %q: move it to where it belongs, or name another folder with -data", j.Path, h.Journal, j.Kind)
	case h.Version != version:
		return false, fmt.Errorf("%s is of version %d, and this program reads up to version %d: run the newer Windfall that wrote it, or name another folder with -data", j.Path, h.Version, version)
	}
	return false, nil
}

// end handles the end of the file, maybe in the middle of line n.
func (j *Journal) end(n int, torn []byte) error {
	if n == 1 {
		if !bytes.HasPrefix(j.header(), torn) {
			return j.stranger(errors.New("it is one line without an end"))
		}
		return j.begin()
	}
	if len(torn) == 0 {
		return nil
	}
	j.Log.Warn("the last line of the journal was cut off: its commit was never acknowledged, and it is removed", "file", j.Path, "line", n, "bytes", len(torn))
	if err := j.file.Truncate(j.size); err != nil {
		return fmt.Errorf("remove the unfinished line %d of %s: %w", n, j.Path, err)
	}
	return nil
}

// begin starts a new file, or one that ended within its header.
func (j *Journal) begin() error {
	if err := j.write(j.header()); err != nil {
		return fmt.Errorf("%w; make room there, or name another folder with -data", err)
	}
	return errors.Join(j.file.Sync(), j.Files.SyncFolder(j.folder()))
}

func (j *Journal) stranger(why error) error {
	return fmt.Errorf("%s does not hold the data of %q: %w. It was left as it is: move it away, or name another folder with -data", j.Path, j.Kind, why)
}

func (j *Journal) damaged(n int, why error) error {
	if n == 1 {
		return j.stranger(why)
	}
	file, kept := quoted(j.Path), quoted(j.Path+".kept")
	return fmt.Errorf("%s, line %d is damaged: %w. The file was left as it is: put a copy of it back; or keep what stands before that line, "+
		"with head -n %d %s > %s && mv %s %s; or move it away to start empty", j.Path, n, why, n-1, file, kept, kept, file)
}

// quoted quotes a path for a shell.
func quoted(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }
