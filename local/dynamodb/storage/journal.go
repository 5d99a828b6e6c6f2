package storage

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
	"windfall/local/journal"
)

const journalName = "journal.jsonl"

// openJournal reads the journal of a folder into an empty store.
func (s *Store) openJournal(o Options) error {
	j, err := journal.Open(journal.Options{Path: filepath.Join(o.Dir, journalName), Kind: "dynamodb", Files: o.Files, Log: o.Log}, s.replayLine)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	s.journal = j
	if lines := j.Lines(); lines > 1000 && lines > 2*s.live() {
		j.Compact(s.state())
		j.Wait()
	}
	return nil
}

// keep writes a line and then lets apply make it visible, or does neither. The
// caller holds commits. In memory there is nothing to write.
func (s *Store) keep(line func(out []byte) []byte, apply func()) error {
	if s.journal != nil {
		if err := s.journal.Append(line); err != nil {
			return err
		}
	}
	apply()
	if s.journal != nil && s.journal.Grown() {
		s.journal.Compact(s.state())
	}
	if s.journal != nil {
		s.journal.CatchUp()
	}
	return nil
}

// notKept turns the failure to write a line into a refusal.
func notKept(err error) error {
	if err == nil {
		return nil
	}
	return protocol.Internal("The journal cannot be written: %v", err)
}

// appendCommit is the line of one commit. sequence is the number before its
// first change.
func appendCommit(out []byte, sequence int64, changes []Change, used *TokenUse) []byte {
	out = strconv.AppendInt(append(out, `{"sequence":`...), sequence, 10)
	if used != nil {
		out = appendTokenUse(protocol.Member(out, "token"), used)
	}
	out = append(protocol.Member(out, "changes"), '[')
	for i, c := range changes {
		out = protocol.AppendText(append(protocol.Comma(out, i), `{"table":`...), c.Table.Name)
		if c.Updated != nil {
			out = attribute.AppendItem(protocol.Member(out, "put"), c.Updated.Item())
		} else {
			out = attribute.AppendItem(protocol.Member(out, "remove"), c.Table.Schema.KeyOf(c.Old.Item()))
		}
		out = append(out, '}')
	}
	return append(out, ']', '}')
}

func appendTokenUse(out []byte, use *TokenUse) []byte {
	out = protocol.AppendText(append(out, `{"id":`...), use.token)
	out = protocol.AppendText(protocol.Member(out, "hash"), hex.EncodeToString(use.hash[:]))
	out = strconv.AppendInt(protocol.Member(out, "at"), use.at.UnixMilli(), 10)
	return append(out, '}')
}

func appendCreated(out []byte, t *Table) []byte {
	out = strconv.AppendInt(append(out, `{"created":`...), t.created.UnixMilli(), 10)
	return append(append(protocol.Member(out, "table"), compactJSON(t.request)...), '}')
}

func appendDropped(out []byte, table string) []byte {
	return append(protocol.AppendText(append(out, `{"drop":`...), table), '}')
}

func appendTTL(out []byte, table, attribute string) []byte {
	out = protocol.AppendText(append(out, `{"ttl":{"table":`...), table)
	return append(protocol.AppendText(protocol.Member(out, "attribute"), attribute), '}', '}')
}

func appendReset(out []byte) []byte { return append(out, `{"reset":true}`...) }

// Close ends the use of the journal. Later commits fail when there is one.
func (s *Store) Close() error {
	if s.journal == nil {
		return nil
	}
	return s.journal.Close()
}

// Reset forgets all items and request tokens, but keeps the tables. Subscribers
// get no changes. It fails, and forgets nothing, when the journal cannot be
// written.
func (s *Store) Reset() error {
	defer s.lockAll()()
	s.commits.Lock()
	defer s.commits.Unlock()
	if err := s.keep(appendReset, s.forget); err != nil {
		return fmt.Errorf("forget all items: %w", err)
	}
	return nil
}
