package dynamodb

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// journal is the file behind a database: one line of JSON for each commit, in
// order. A line holds the whole commit, so a commit is in the file or it is not,
// wherever the process dies. Lines are written before they are visible to anyone
// and go straight to the operating system; there is no fsync, so they survive a
// killed process but not a power failure.
type journal struct {
	file   *os.File
	size   int64  // where the next line begins
	line   []byte // buffer
	broken error  // set when a failed write could not be taken back
	unlock func()
}

const journalName = "journal.jsonl"

// commit writes one commit. sequence is the number before its first change.
func (j *journal) commit(sequence int64, changes []change, used *tokenUse) error {
	return j.note(func(out []byte) []byte {
		out = strconv.AppendInt(append(out, `{"sequence":`...), sequence, 10)
		if used != nil {
			out = appendTokenUse(member(out, "token"), used)
		}
		out = append(member(out, "changes"), '[')
		for i, c := range changes {
			out = appendText(append(comma(out, i), `{"table":`...), c.table.name)
			if c.updated != nil {
				out = appendItem(member(out, "put"), c.updated.attributes)
			} else {
				out = appendItem(member(out, "remove"), c.table.schema.keyOf(c.old.attributes))
			}
			out = append(out, '}')
		}
		return append(out, ']', '}')
	})
}

func appendTokenUse(out []byte, use *tokenUse) []byte {
	out = appendText(append(out, `{"id":`...), use.token)
	out = appendText(member(out, "hash"), hex.EncodeToString(use.hash[:]))
	out = strconv.AppendInt(member(out, "at"), use.at.UnixMilli(), 10)
	return append(out, '}')
}

func appendCreated(out []byte, t *table) []byte {
	out = strconv.AppendInt(append(out, `{"created":`...), t.created.UnixMilli(), 10)
	return append(append(member(out, "table"), compactJSON(t.request)...), '}')
}

func appendTTL(out []byte, table, attribute string) []byte {
	out = appendText(append(out, `{"ttl":{"table":`...), table)
	return append(appendText(member(out, "attribute"), attribute), '}', '}')
}

// note writes one line. A line that could only be written in part is taken back.
func (j *journal) note(line func(out []byte) []byte) error {
	if j.broken != nil {
		return j.broken
	}
	j.line = append(line(j.line[:0]), '\n')
	n, err := j.file.WriteAt(j.line, j.size)
	if err == nil {
		j.size += int64(n)
		return nil
	}
	if undo := j.file.Truncate(j.size); undo != nil {
		j.broken = errors.Join(err, undo)
	}
	return err
}

func (j *journal) close() error {
	defer j.unlock()
	j.broken = os.ErrClosed
	return j.file.Close()
}

// openJournal reads the journal of a folder into an empty database, drops a last
// line that was not finished, and rewrites the file when most of it is history.
func openJournal(dir string, db *DB) (_ *journal, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	unlock, err := lockFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("open database in %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			unlock()
		}
	}()
	file, err := os.OpenFile(filepath.Join(dir, journalName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read journal: %w", err), file.Close())
	}
	lines, whole, err := db.replay(data)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	j := &journal{file: file, size: int64(whole), unlock: unlock}
	if err := file.Truncate(j.size); err != nil {
		return nil, errors.Join(fmt.Errorf("truncate journal: %w", err), file.Close())
	}
	if db.worthCompacting(lines) {
		return j, j.compact(dir, db)
	}
	return j, nil
}
