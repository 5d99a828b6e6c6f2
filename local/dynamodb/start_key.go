package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// records are visited by the reading. The caller holds the table's lock: a reset
// puts other records in their place.
func (read *reading) records() *storage.Records { return read.table.Records(read.index) }

// keyOf is the key of a record as LastEvaluatedKey: of the table, and of the
// index when one is read.
func (read *reading) keyOf(r *storage.Record) attribute.Item {
	key := read.table.Schema.KeyOf(r.Item())
	if read.index == nil {
		return key
	}
	for _, a := range read.index.Schema.KeyOf(r.Item()) {
		key = key.Insert(a)
	}
	return key
}

// prepareStart checks the ExclusiveStartKey and finds its place, which need not
// hold an item any more.
func (read *reading) prepareStart() error {
	key := read.request.start
	if key == nil {
		return nil
	}
	wanted := read.table.Schema.Parts()
	if read.index != nil {
		for _, part := range read.index.Schema.Parts() {
			if !read.table.Schema.Has(part.Name) {
				wanted = append(wanted, part)
			}
		}
	}
	if len(key) != len(wanted) {
		return protocol.Invalid("The provided starting key is invalid")
	}
	for _, part := range wanted {
		if v, found := key.Get(part.Name); !found || v.Kind != part.Kind || v.Text == "" {
			return protocol.Invalid("The provided starting key is invalid")
		}
	}
	at := read.table.Schema.PlaceOf(key)
	if read.index != nil {
		at = read.index.PlaceOf(read.table, key)
	}
	read.start = &at
	return nil
}

// startsInside tells whether the starting key fits the key condition of a Query.
func (read *reading) startsInside() bool {
	return read.start.Partition == keys.Bytes(read.key.Hash) && read.key.Within.Contains(read.start.Position)
}
