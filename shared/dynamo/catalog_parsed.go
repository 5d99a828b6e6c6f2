package dynamo

import "windfall/shared/catalog"

// A reading keeps the parsed rows of a catalog for its next read. Parsing JSON
// is the larger part of a read and most rows are unchanged, so a row with the
// same text keeps its parsed value. A catalog is never changed once it was read.
type reading struct{ before, now map[string]parsedRow }

type parsedRow struct {
	text  string
	value any
}

// parsed is the data of a row, parsed now or kept from the read before. The
// prefix of a sort key implies the type V.
func parsed[V any](read *reading, r row) (v V, err error) {
	sk, text := r.text("SK"), r.text("data")
	if old, ok := read.before[sk]; ok && old.text == text {
		read.now[sk] = old
		return old.value.(V), nil
	}
	err = r.json("data", &v)
	read.now[sk] = parsedRow{text, v} // after an error nothing is kept
	return v, err
}

// byID reads rows of one kind into its map in the catalog.
func byID[V any](all func(*catalog.Catalog) map[string]V) func(*catalog.Catalog, row, *reading) error {
	return func(c *catalog.Catalog, r row, read *reading) (err error) {
		all(c)[idOf(r)], err = parsed[V](read, r)
		return err
	}
}
