package dynamodb

import (
	"iter"
	"strconv"
)

// page collects the records that a Query or Scan visits, up to its limits.
type page struct {
	limit   int // records to look at, 0 for no limit
	filter  condition
	found   []*record
	visited int
	bytes   int
	last    *record // where the next page goes on; nil at the end
}

// fill visits records until the page is full: at the limit, or when what has
// been read amounts to 1 MB.
func (p *page) fill(records iter.Seq[*record]) {
	for r := range records {
		p.visited++
		p.bytes += r.size
		if p.filter == nil || p.filter.holds(r.attributes) {
			p.found = append(p.found, r)
		}
		if p.visited == p.limit || p.bytes >= maxPageBytes {
			p.last = r
			return
		}
	}
}

// reading is a prepared Query or Scan.
type reading struct {
	request *request
	table   *table
	index   *index // nil for the table itself
	schema  keySchema
	key     keyCondition // Query
	paths   []path
	start   *place
	page    page
}

func (ex *exchange) query(r *jsonReader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	read, err := prepareReading(t, q)
	if err != nil {
		return err
	}
	if q.conditions.keyCondition == nil {
		return invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	if read.key, err = parseKeyCondition(*q.conditions.keyCondition, &q.given, read.schema); err != nil {
		return err
	}
	if err := read.prepareRest(); err != nil {
		return err
	}
	if read.start != nil && !read.startsInside() {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	ex.call.Index = q.index
	ex.touch(t, item{{t.schema.hash.name, read.key.hash}})
	if err := ex.admit(); err != nil {
		return err
	}
	return ex.answerReading(read, func() iter.Seq[*record] {
		return read.storage().visit(keyBytes(read.key.hash), read.key.within, !q.backward, read.start)
	})
}

// prepareReading finds the index and checks what does not need expressions.
func prepareReading(t *table, q *request) (*reading, error) {
	read := &reading{request: q, table: t, schema: t.schema}
	if q.limit != nil {
		if *q.limit < 1 {
			return nil, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", *q.limit)
		}
		read.page.limit = *q.limit
	}
	if q.index != "" {
		if read.index = t.findIndex(q.index); read.index == nil {
			return nil, invalid("The table does not have the specified index: %s", q.index)
		}
		read.schema = read.index.schema
		if q.consistent {
			return nil, invalid("Consistent reads are not supported on global secondary indexes")
		}
	}
	return read, nil
}

// prepareRest checks filter, projection, selection and starting key.
func (read *reading) prepareRest() (err error) {
	q := read.request
	if text := q.conditions.filter; text != nil {
		var paths []path
		if read.page.filter, paths, err = parseCondition("FilterExpression", *text, &q.given); err != nil {
			return err
		}
		if err := read.checkFilter(paths); err != nil {
			return err
		}
	}
	if read.paths, err = q.projection(); err != nil {
		return err
	}
	if err := read.checkSelection(); err != nil {
		return err
	}
	return read.prepareStart()
}

// checkFilter refuses key attributes in the filter of a Query.
func (read *reading) checkFilter(paths []path) error {
	if read.request.conditions.keyCondition == nil {
		return nil
	}
	for _, p := range paths {
		if read.schema.has(p[0].name) {
			return invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", p[0].name)
		}
	}
	return nil
}

func (read *reading) checkSelection() error {
	q := read.request
	switch {
	case q.selected == "ALL_PROJECTED_ATTRIBUTES" && read.index == nil:
		return invalidValue("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case q.selected == "SPECIFIC_ATTRIBUTES" && read.paths == nil:
		return invalidValue("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case read.paths != nil && q.selected != "" && q.selected != "SPECIFIC_ATTRIBUTES":
		return invalidValue("Cannot specify the ProjectionExpression when choosing to get %s", q.selected)
	case q.selected == "ALL_ATTRIBUTES" && read.index != nil && read.index.projection.kind != "ALL":
		return invalidValue("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", q.index)
	}
	for _, p := range read.paths {
		if read.index != nil && !read.index.holds(read.table, p[0].name) {
			return invalidValue("Global secondary index %s does not project [%s]", q.index, p[0].name)
		}
	}
	return nil
}

// answerReading fills the page and writes it. records is called under the
// table's lock.
func (ex *exchange) answerReading(read *reading, records func() iter.Seq[*record]) error {
	fill := func() { read.page.fill(records()) }
	err := error(nil)
	if ex.fault.Kind == FaultStaleIndex && read.index != nil {
		err = read.table.readingStale(read.index, ex.fault.Writes, fill)
	} else {
		err = read.table.reading(fill)
	}
	if err != nil {
		return err
	}
	ex.meter.read(read.table.name, read.request.index, read.page.bytes, read.request.consistent)
	ex.out = append(ex.out, '{')
	if read.request.selected != "COUNT" {
		ex.out = append(member(ex.out, "Items"), '[')
		for i, r := range read.page.found {
			ex.out = appendItem(comma(ex.out, i), projected(r.attributes, read.paths))
		}
		ex.out = append(ex.out, ']')
	}
	ex.out = strconv.AppendInt(member(ex.out, "Count"), int64(len(read.page.found)), 10)
	ex.out = strconv.AppendInt(member(ex.out, "ScannedCount"), int64(read.page.visited), 10)
	if read.page.last != nil {
		ex.out = appendItem(member(ex.out, "LastEvaluatedKey"), read.keyOf(read.page.last))
	}
	ex.finish(false)
	return nil
}

// readingStale runs f on an index as it was n changes ago.
func (t *table) readingStale(x *index, n int, f func()) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return notFound(t.name)
	}
	t.rewindIndex(x, n, false)
	f()
	t.rewindIndex(x, n, true)
	return nil
}
