package storage

import (
	"slices"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
)

// Index is a global secondary index: records under another key, an entry for each
// item that has all of the index's key attributes.
type Index struct {
	Name       string
	Schema     keys.Schema
	projection projection
	entries    *Records
}

// projection says which attributes an index entry carries besides the keys.
type projection struct {
	kind     string // ALL, KEYS_ONLY, INCLUDE
	included []string
}

// Entry builds the index entry of an item, nil when the item lacks a key of the
// index and so has no entry.
func (x *Index) Entry(t *Table, r *Record) *Record {
	if r == nil {
		return nil
	}
	it := r.Item()
	for _, part := range x.Schema.Parts() {
		if v, found := it.Get(part.Name); !found || v.Kind != part.Kind {
			return nil
		}
	}
	at := x.PlaceOf(t, it)
	if !x.CarriesAll() {
		it = x.project(t, it)
	}
	return NewRecord(at, it)
}

// PlaceOf sorts entries by the index's sort key and then by the table's key,
// which makes the position of every entry its own.
func (x *Index) PlaceOf(t *Table, it attribute.Item) keys.Place {
	return x.Schema.PlaceOf(it).ThenBy(t.Schema.PlaceOf(it))
}

// project keeps the attributes of an entry.
func (x *Index) project(t *Table, it attribute.Item) attribute.Item {
	kept := make(attribute.Item, 0, 4)
	for _, a := range it {
		if x.Carries(t, a.Name) {
			kept = append(kept, a)
		}
	}
	return kept
}

// CarriesAll tells whether entries have every attribute of their item.
func (x *Index) CarriesAll() bool { return x.projection.kind == "ALL" }

// Carries tells whether entries have the attribute, provided that the item does.
func (x *Index) Carries(t *Table, name string) bool {
	return x.CarriesAll() || x.Schema.Has(name) || t.Schema.Has(name) ||
		slices.Contains(x.projection.included, name)
}

// change moves the index from the old state of an item to the new one.
func (x *Index) change(t *Table, old, updated *Record) {
	before, after := x.Entry(t, old), x.Entry(t, updated)
	if before != nil && (after == nil || before.Place != after.Place) {
		x.entries.remove(before)
	}
	if after != nil {
		x.entries.put(after)
	}
}

// checkEntry refuses an item whose index key attribute is of the wrong kind,
// empty or too long.
func (x *Index) checkEntry(it attribute.Item) error {
	for _, part := range x.Schema.Parts() {
		v, found := it.Get(part.Name)
		switch {
		case !found:
			continue
		case v.Kind != part.Kind:
			return protocol.InvalidValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
				part.Name, part.Kind, v.Kind, x.Name)
		case v.Text == "":
			return protocol.InvalidValue("A value specified for a secondary index key is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s",
				v.Kind.Word(), x.Name, part.Name)
		}
		if err := x.Schema.CheckValue(part, v); err != nil {
			return err
		}
	}
	return nil
}
