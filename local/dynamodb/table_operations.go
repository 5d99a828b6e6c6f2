package dynamodb

import "slices"

func (ex *exchange) createTable(r *jsonReader) error {
	q := readTableRequest(r)
	if r.err != nil {
		return r.err
	}
	t, err := q.newTable()
	if err != nil {
		return err
	}
	if err := ex.admit(); err != nil {
		return err
	}
	t.created = ex.db.now()
	t.request = slices.Clone(r.data)
	db := ex.db
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.tables[t.name] != nil {
		return refuse("ResourceInUseException", "Table already exists: %s", t.name)
	}
	err = db.record(func(out []byte) []byte { return appendCreated(out, t) }, func() { db.tables[t.name] = t })
	if err != nil {
		return err
	}
	ex.out = append(t.appendDescription(append(ex.out, `{"TableDescription":`...), "ACTIVE"), '}')
	return nil
}

// record writes something other than a change of items to the journal, and then
// lets apply make it visible.
func (db *DB) record(line func(out []byte) []byte, apply func()) error {
	db.commits.Lock()
	defer db.commits.Unlock()
	return notKept(db.keep(line, apply))
}

// named reads a request that names a table and finds it.
func (ex *exchange) named(r *jsonReader, other func(name string)) (*table, error) {
	table := ""
	r.object(func(name string) {
		if name == "TableName" {
			table = r.text()
			return
		}
		other(name)
	})
	r.end()
	if r.err != nil {
		return nil, r.err
	}
	t, err := ex.table(table)
	if err != nil {
		return nil, err
	}
	return t, ex.admit()
}

func (ex *exchange) describeTable(r *jsonReader) error {
	t, err := ex.named(r, func(string) { r.skip() })
	if err != nil {
		return err
	}
	ex.out = append(ex.out, `{"Table":`...)
	if err := t.reading(func() { ex.out = t.appendDescription(ex.out, "ACTIVE") }); err != nil {
		return err
	}
	ex.out = append(ex.out, '}')
	return nil
}

func (ex *exchange) deleteTable(r *jsonReader) error {
	t, err := ex.named(r, func(string) { r.skip() })
	if err != nil {
		return err
	}
	db := ex.db
	db.mu.Lock()
	defer db.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return notFound(t.name)
	}
	err = db.record(func(out []byte) []byte { return append(appendText(append(out, `{"drop":`...), t.name), '}') }, func() {
		t.dropped = true
		delete(db.tables, t.name)
	})
	if err != nil {
		return err
	}
	ex.out = append(t.appendDescription(append(ex.out, `{"TableDescription":`...), "DELETING"), '}')
	return nil
}

func (ex *exchange) listTables(r *jsonReader) error {
	after, limit := "", 100
	r.object(func(name string) {
		switch name {
		case "ExclusiveStartTableName":
			after = r.text()
		case "Limit":
			limit = r.integer()
		default:
			r.skip()
		}
	})
	r.end()
	if r.err != nil {
		return r.err
	}
	if limit < 1 || limit > 100 {
		return invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100", limit)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	ex.db.mu.RLock()
	all := ex.db.sorted()
	ex.db.mu.RUnlock()
	all = slices.DeleteFunc(all, func(t *table) bool { return t.name <= after })
	shown := all[:min(limit, len(all))]
	ex.out = append(ex.out, `{"TableNames":[`...)
	for i, t := range shown {
		ex.out = appendText(comma(ex.out, i), t.name)
	}
	ex.out = append(ex.out, ']')
	if len(shown) < len(all) {
		ex.out = appendText(member(ex.out, "LastEvaluatedTableName"), shown[len(shown)-1].name)
	}
	ex.out = append(ex.out, '}')
	return nil
}
