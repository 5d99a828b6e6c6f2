package dynamodb

import (
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// reading is a prepared Query or Scan.
type reading struct {
	request *request
	table   *storage.Table
	index   *storage.Index // nil for the table itself
	schema  keys.Schema
	key     expression.KeyCondition // Query
	paths   []expression.Path
	start   *keys.Place
	page    page
}

// prepareReading finds the index and checks what does not need expressions.
func prepareReading(t *storage.Table, q *request) (*reading, error) {
	read := &reading{request: q, table: t, schema: t.Schema}
	if q.limit != nil {
		if *q.limit < 1 {
			return nil, protocol.Invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", *q.limit)
		}
		read.page.limit = *q.limit
	}
	if q.index != "" {
		if read.index = t.FindIndex(q.index); read.index == nil {
			return nil, protocol.Invalid("The table does not have the specified index: %s", q.index)
		}
		read.schema = read.index.Schema
		if q.consistent {
			return nil, protocol.Invalid("Consistent reads are not supported on global secondary indexes")
		}
	}
	return read, nil
}

// prepareRest checks filter, projection, selection and starting key.
func (read *reading) prepareRest() (err error) {
	q := read.request
	if text := q.conditions.filter; text != nil {
		var paths []expression.Path
		if read.page.filter, paths, err = expression.ParseCondition("FilterExpression", *text, &q.given); err != nil {
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
func (read *reading) checkFilter(paths []expression.Path) error {
	if read.request.conditions.keyCondition == nil {
		return nil
	}
	for _, p := range paths {
		if read.schema.Has(p.Attribute()) {
			return protocol.Invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", p.Attribute())
		}
	}
	return nil
}

func (read *reading) checkSelection() error {
	q := read.request
	switch {
	case q.selected == "ALL_PROJECTED_ATTRIBUTES" && read.index == nil:
		return protocol.InvalidValue("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case q.selected == "SPECIFIC_ATTRIBUTES" && read.paths == nil:
		return protocol.InvalidValue("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case read.paths != nil && q.selected != "" && q.selected != "SPECIFIC_ATTRIBUTES":
		return protocol.InvalidValue("Cannot specify the ProjectionExpression when choosing to get %s", q.selected)
	case q.selected == "ALL_ATTRIBUTES" && read.index != nil && !read.index.CarriesAll():
		return protocol.InvalidValue("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", q.index)
	}
	for _, p := range read.paths {
		if read.index != nil && !read.index.Carries(read.table, p.Attribute()) {
			return protocol.InvalidValue("Global secondary index %s does not project [%s]", q.index, p.Attribute())
		}
	}
	return nil
}
