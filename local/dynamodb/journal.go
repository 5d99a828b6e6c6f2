package dynamodb

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"

	"windfall/local/journal"
)

const journalName = "journal.jsonl"

// openJournal reads the journal of a folder into an empty database.
func (db *DB) openJournal(o Options) error {
	j, err := journal.Open(journal.Options{Path: filepath.Join(o.Dir, journalName), Kind: "dynamodb", Files: o.Files, Log: o.Log}, db.replayLine)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	db.journal = j
	if lines := j.Lines(); lines > 1000 && lines > 2*db.live() {
		j.Compact(db.state())
		j.Wait()
	}
	return nil
}

// keep writes a line and then lets apply make it visible, or does neither. The
// caller holds commits. In memory there is nothing to write.
func (db *DB) keep(line func(out []byte) []byte, apply func()) error {
	if db.journal != nil {
		if err := db.journal.Append(line); err != nil {
			return err
		}
	}
	apply()
	if db.journal != nil && db.journal.Grown() {
		db.journal.Compact(db.state())
	}
	return nil
}

// notKept is the answer to a request whose line could not be written.
func notKept(err error) error {
	if err == nil {
		return nil
	}
	return internal("The journal cannot be written: %v", err)
}

// appendCommit is the line of one commit. sequence is the number before its
// first change.
func appendCommit(out []byte, sequence int64, changes []change, used *tokenUse) []byte {
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

func appendReset(out []byte) []byte { return append(out, `{"reset":true}`...) }

// Close ends the use of the journal. Requests after it are answered with 500
// when the database has one.
func (db *DB) Close() error {
	if db.journal == nil {
		return nil
	}
	return db.journal.Close()
}

// Reset forgets all items and request tokens, but keeps the tables. Subscribers
// hear nothing of it. When the journal cannot be written nothing is forgotten.
func (db *DB) Reset() error {
	defer db.lockAll()()
	db.commits.Lock()
	defer db.commits.Unlock()
	if err := db.keep(appendReset, db.forget); err != nil {
		return fmt.Errorf("forget all items: %w", err)
	}
	return nil
}
