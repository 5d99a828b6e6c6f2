package dynamodb

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// worthCompacting tells whether most lines of the journal are history. A small
// journal is left alone.
func (db *DB) worthCompacting(lines int) bool {
	live := 0
	for _, t := range db.tables {
		live += 2 + t.items.count
	}
	return lines > 1000 && lines > 2*live
}

// compact replaces the file by one that holds the present state only. The old
// file stays until the new one is whole and takes its name.
func (j *journal) compact(dir string, db *DB) error {
	fresh, err := os.Create(filepath.Join(dir, journalName+".new"))
	if err != nil {
		return fmt.Errorf("compact journal: %w", err)
	}
	w := bufio.NewWriter(fresh)
	size := int64(0)
	db.writeState(func(line []byte) {
		n, _ := w.Write(append(line, '\n')) // errors stick in w until Flush
		size += int64(n)
	})
	err = errors.Join(w.Flush(), fresh.Sync())
	if err == nil {
		err = os.Rename(fresh.Name(), filepath.Join(dir, journalName))
	}
	if err != nil {
		return fmt.Errorf("compact journal: %w", errors.Join(err, fresh.Close()))
	}
	old := j.file
	j.file, j.size = fresh, size
	return old.Close()
}

// writeState writes the lines that lead to the present state.
func (db *DB) writeState(write func(line []byte)) {
	for _, t := range db.sorted() {
		write(appendCreated(nil, t))
		if t.ttl != "" {
			write(appendTTL(nil, t.name, t.ttl))
		}
		for r := range t.items.all(nil) {
			write(appendState(nil, db.sequence, t, r))
		}
	}
	for _, token := range db.tokens.order {
		use := db.tokens.uses[token]
		line := appendTokenUse([]byte(`{"token":`), &use)
		write(append(line, fmt.Sprintf(`,"sequence":%d}`, db.sequence)...))
	}
}

// appendState writes an item as a change; the sequence number is set so that
// reading the line leaves the database's own number as it is.
func appendState(out []byte, sequence int64, t *table, r *record) []byte {
	out = fmt.Appendf(out, `{"sequence":%d,"changes":[{"table":`, sequence-1)
	out = appendItem(member(appendText(out, t.name), "put"), r.attributes)
	return append(out, '}', ']', '}')
}
