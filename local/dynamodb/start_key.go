package dynamodb

// records is what the reading visits. The caller holds the table's lock: a reset
// puts other records in their place.
func (read *reading) records() *records { return read.table.visited(read.index) }

// keyOf is the key of a record as LastEvaluatedKey: of the table, and of the
// index when one is read.
func (read *reading) keyOf(r *record) item {
	key := read.table.schema.keyOf(r.attributes)
	if read.index == nil {
		return key
	}
	for _, a := range read.index.schema.keyOf(r.attributes) {
		key = key.insert(a)
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
	wanted := read.table.schema.parts()
	if read.index != nil {
		for _, part := range read.index.schema.parts() {
			if !read.table.schema.has(part.name) {
				wanted = append(wanted, part)
			}
		}
	}
	if len(key) != len(wanted) {
		return invalid("The provided starting key is invalid")
	}
	for _, part := range wanted {
		if v, found := key.get(part.name); !found || v.kind != part.kind || v.text == "" {
			return invalid("The provided starting key is invalid")
		}
	}
	at := read.table.schema.placeOf(key)
	if read.index != nil {
		at = read.index.placeOf(read.table, key)
	}
	read.start = &at
	return nil
}

// startsInside tells whether a Query can have come to its starting key.
func (read *reading) startsInside() bool {
	return read.start.partition == keyBytes(read.key.hash) && read.key.within.contains(read.start.position)
}
