package dynamodb

import "slices"

func (ex *exchange) createTable(r *jsonReader) error {
	t, err := readTable(r)
	if err != nil {
		return err
	}
	if err := ex.admit(); err != nil {
		return err
	}
	ex.out, err = ex.db.store.create(t, append(ex.out, `{"TableDescription":`...))
	ex.out = append(ex.out, '}')
	return err
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
	if r.Err() != nil {
		return nil, r.Err()
	}
	t, err := ex.db.store.table(table)
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
	ex.out, err = t.describe(append(ex.out, `{"Table":`...))
	ex.out = append(ex.out, '}')
	return err
}

func (ex *exchange) deleteTable(r *jsonReader) error {
	t, err := ex.named(r, func(string) { r.skip() })
	if err != nil {
		return err
	}
	ex.out, err = ex.db.store.drop(t, append(ex.out, `{"TableDescription":`...))
	ex.out = append(ex.out, '}')
	return err
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
	if r.Err() != nil {
		return r.Err()
	}
	if limit < 1 || limit > 100 {
		return invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100", limit)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	all := slices.DeleteFunc(ex.db.store.names(), func(name string) bool { return name <= after })
	shown := all[:min(limit, len(all))]
	ex.out = append(ex.out, `{"TableNames":[`...)
	for i, name := range shown {
		ex.out = appendText(comma(ex.out, i), name)
	}
	ex.out = append(ex.out, ']')
	if len(shown) < len(all) {
		ex.out = appendText(member(ex.out, "LastEvaluatedTableName"), shown[len(shown)-1])
	}
	ex.out = append(ex.out, '}')
	return nil
}
