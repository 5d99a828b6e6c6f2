// Package storage keeps tables: items and index entries in the order of their
// keys, one sequence of commits, the journal, the stream of changes, snapshots,
// times to live and the tokens of transactions.
//
// It owns all locks and all durability. It does not own requests: package dynamodb
// decides on a change under Table.Write or WriteTogether, and Store.Commit makes
// it durable and visible.
//
// A journal line is one commit, written before the commit is visible; package
// windfall/local/journal keeps the file.
package storage
