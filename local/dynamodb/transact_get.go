package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// get is one prepared read of an item.
type get struct {
	table *storage.Table
	place keys.Place
	paths []expression.Path
}

func (ex *exchange) transactGetItems(r *protocol.Reader) error {
	q, err := ex.readTransaction(r, "Get")
	if err != nil {
		return err
	}
	gets, err := ex.prepareGets(q)
	if err != nil {
		return err
	}
	if err := ex.admit(); err != nil {
		return err
	}
	found, err := readTogether(gets)
	if err != nil {
		return err
	}
	ex.out = append(ex.out, `{"Responses":[`...)
	for i, r := range found {
		ex.meter.read(gets[i].table.Name, "", r.Bytes(), true)
		ex.out = append(protocol.Comma(ex.out, i), '{')
		if r != nil {
			ex.out = attribute.AppendItem(protocol.Member(ex.out, "Item"), expression.Project(r.Item(), gets[i].paths))
		}
		ex.out = append(ex.out, '}')
	}
	ex.out = append(ex.out, ']')
	ex.finish(true)
	return nil
}

func (ex *exchange) prepareGets(q *transactRequest) ([]get, error) {
	gets := make([]get, len(q.actions))
	seen := make(map[location]bool, len(gets))
	for i, a := range q.actions {
		t, err := ex.db.store.Table(a.request.table)
		if err != nil {
			return nil, err
		}
		paths, err := a.request.projection()
		if err != nil {
			return nil, err
		}
		if !a.request.hasKey {
			return nil, missingMember("key")
		}
		if err := t.Schema.CheckKey(a.request.key); err != nil {
			return nil, err
		}
		gets[i] = get{t, t.Schema.PlaceOf(a.request.key), paths}
		if err := checkDistinct(seen, location{t, gets[i].place}); err != nil {
			return nil, err
		}
		ex.touch("GetItem", t, a.request.key)
	}
	return gets, nil
}

// readTogether reads all items as they are at one moment.
func readTogether(gets []get) ([]*storage.Record, error) {
	tables := make([]*storage.Table, len(gets))
	for i, g := range gets {
		tables[i] = g.table
	}
	found := make([]*storage.Record, len(gets))
	err := storage.WriteTogether(tables, func() error {
		for i, g := range gets {
			found[i] = g.table.Get(g.place)
		}
		return nil
	})
	return found, err
}
