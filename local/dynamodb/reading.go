package dynamodb

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
		if read.schema.has(p.attribute()) {
			return invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", p.attribute())
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
	case q.selected == "ALL_ATTRIBUTES" && read.index != nil && !read.index.carriesAll():
		return invalidValue("Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", q.index)
	}
	for _, p := range read.paths {
		if read.index != nil && !read.index.carries(read.table, p.attribute()) {
			return invalidValue("Global secondary index %s does not project [%s]", q.index, p.attribute())
		}
	}
	return nil
}
