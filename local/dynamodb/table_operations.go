package dynamodb

import (
	"slices"

	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

func (ex *exchange) createTable(r *protocol.Reader) error {
	t, err := storage.ReadTable(r)
	if err != nil {
		return err
	}
	if err := ex.admit(); err != nil {
		return err
	}
	ex.out, err = ex.db.store.Create(t, append(ex.out, `{"TableDescription":`...))
	ex.out = append(ex.out, '}')
	return err
}

// named reads a request that names a table and finds it.
func (ex *exchange) named(r *protocol.Reader, other func(name string)) (*storage.Table, error) {
	table := ""
	r.Object(func(name string) {
		if name == "TableName" {
			table = r.Text()
			return
		}
		other(name)
	})
	r.End()
	if r.Err() != nil {
		return nil, r.Err()
	}
	t, err := ex.db.store.Table(table)
	if err != nil {
		return nil, err
	}
	return t, ex.admit()
}

func (ex *exchange) describeTable(r *protocol.Reader) error {
	t, err := ex.named(r, func(string) { r.Skip() })
	if err != nil {
		return err
	}
	ex.out, err = t.Describe(append(ex.out, `{"Table":`...))
	ex.out = append(ex.out, '}')
	return err
}

func (ex *exchange) deleteTable(r *protocol.Reader) error {
	t, err := ex.named(r, func(string) { r.Skip() })
	if err != nil {
		return err
	}
	ex.out, err = ex.db.store.Drop(t, append(ex.out, `{"TableDescription":`...))
	ex.out = append(ex.out, '}')
	return err
}

func (ex *exchange) listTables(r *protocol.Reader) error {
	after, limit := "", 100
	r.Object(func(name string) {
		switch name {
		case "ExclusiveStartTableName":
			after = r.Text()
		case "Limit":
			limit = r.Integer()
		default:
			r.Skip()
		}
	})
	r.End()
	if r.Err() != nil {
		return r.Err()
	}
	if limit < 1 || limit > 100 {
		return protocol.Invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and 100", limit)
	}
	if err := ex.admit(); err != nil {
		return err
	}
	all := slices.DeleteFunc(ex.db.store.Names(), func(name string) bool { return name <= after })
	shown := all[:min(limit, len(all))]
	ex.out = append(ex.out, `{"TableNames":[`...)
	for i, name := range shown {
		ex.out = protocol.AppendText(protocol.Comma(ex.out, i), name)
	}
	ex.out = append(ex.out, ']')
	if len(shown) < len(all) {
		ex.out = protocol.AppendText(protocol.Member(ex.out, "LastEvaluatedTableName"), shown[len(shown)-1])
	}
	ex.out = append(ex.out, '}')
	return nil
}
