package dynamodb

import "slices"

// index is a global secondary index: a second storage with another key, holding
// an entry for each item that has all of the index's key attributes.
type index struct {
	name       string
	schema     keySchema
	projection projection
	entries    *records
}

// projection says which attributes an index entry carries besides the keys.
type projection struct {
	kind     string // ALL, KEYS_ONLY, INCLUDE
	included []string
}

// entry builds the index entry of an item, nil when it does not belong into the
// index (a sparse index holds only what has its keys).
func (x *index) entry(t *table, r *record) *record {
	if r == nil {
		return nil
	}
	for _, part := range x.schema.parts() {
		if v, found := r.attributes.get(part.name); !found || v.kind != part.kind {
			return nil
		}
	}
	e := &record{place: x.placeOf(t, r.attributes), attributes: r.attributes, size: r.size}
	if !x.carriesAll() {
		e.attributes = x.project(t, r.attributes)
		e.size = e.attributes.size()
	}
	return e
}

// placeOf sorts entries by the index's sort key and then by the table's key,
// which makes the position of every entry its own.
func (x *index) placeOf(t *table, it item) place {
	return x.schema.placeOf(it).thenBy(t.schema.placeOf(it))
}

func (x *index) project(t *table, it item) item {
	kept := make(item, 0, 4)
	for _, a := range it {
		if x.carries(t, a.name) {
			kept = append(kept, a)
		}
	}
	return kept
}

// carriesAll tells whether entries carry every attribute of their item.
func (x *index) carriesAll() bool { return x.projection.kind == "ALL" }

// carries tells whether entries carry the attribute.
func (x *index) carries(t *table, name string) bool {
	return x.carriesAll() || x.schema.has(name) || t.schema.has(name) ||
		slices.Contains(x.projection.included, name)
}

// change moves the index from the old state of an item to the new one.
func (x *index) change(t *table, old, updated *record) {
	before, after := x.entry(t, old), x.entry(t, updated)
	if before != nil && (after == nil || before.place != after.place) {
		x.entries.remove(before)
	}
	if after != nil {
		x.entries.put(after)
	}
}

// checkEntry refuses an item whose index key attribute is of the wrong kind,
// empty or too long.
func (x *index) checkEntry(it item) error {
	for _, part := range x.schema.parts() {
		v, found := it.get(part.name)
		switch {
		case !found:
			continue
		case v.kind != part.kind:
			return invalidValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
				part.name, part.kind, v.kind, x.name)
		case v.text == "":
			return invalidValue("A value specified for a secondary index key is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s",
				v.kind.word(), x.name, part.name)
		}
		if err := x.schema.checkKeyValue(part, v); err != nil {
			return err
		}
	}
	return nil
}
