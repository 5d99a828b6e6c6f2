package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

func (ex *exchange) getItem(r *protocol.Reader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	paths, err := q.projection()
	if err != nil {
		return err
	}
	if !q.hasKey {
		return missingMember("key")
	}
	if err := t.Schema.CheckKey(q.key); err != nil {
		return err
	}
	ex.touch("GetItem", t, q.key)
	if err := ex.admit(); err != nil {
		return err
	}
	found, err := t.Find(t.Schema.PlaceOf(q.key))
	if err != nil {
		return err
	}
	ex.meter.read(t.Name, "", found.Bytes(), q.consistent)
	ex.out = append(ex.out, '{')
	switch {
	case found == nil:
	case ex.items != nil:
		ex.items.add(expression.Project(found.Item(), paths))
	default:
		ex.out = attribute.AppendItem(protocol.Member(ex.out, "Item"), expression.Project(found.Item(), paths))
	}
	ex.finish(false)
	return nil
}

// projection reads the ProjectionExpression of a request that has no other
// expression; no paths stand for everything.
func (q *request) projection() (paths []expression.Path, err error) {
	if text := q.conditions.projection; text != nil {
		if paths, err = expression.ParseProjection(*text, &q.given); err != nil {
			return nil, err
		}
	}
	return paths, q.given.CheckUsed()
}

// finish closes the answer's object, with the capacity when it was asked for.
func (ex *exchange) finish(list bool) {
	ex.out = append(ex.meter.appendConsumed(ex.out, list), '}')
}

func (ex *exchange) putItem(r *protocol.Reader) error    { return ex.writeOne("Put", r) }
func (ex *exchange) updateItem(r *protocol.Reader) error { return ex.writeOne("Update", r) }
func (ex *exchange) deleteItem(r *protocol.Reader) error { return ex.writeOne("Delete", r) }

func (ex *exchange) writeOne(kind string, r *protocol.Reader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	if kind != "Update" && q.returnValues != "" && q.returnValues != "NONE" && q.returnValues != "ALL_OLD" {
		return protocol.Invalid("Return values set to invalid value")
	}
	w, err := prepareWrite(kind, t, q)
	if err != nil {
		return err
	}
	ex.touch(kind+"Item", t, w.key)
	if err := ex.admit(); err != nil {
		return err
	}
	c, err := ex.carryOut(w)
	if err != nil {
		return err
	}
	ex.out = append(ex.out, '{')
	if shown := w.returned(q.returnValues, c); len(shown) > 0 {
		ex.out = attribute.AppendItem(protocol.Member(ex.out, "Attributes"), shown)
	}
	ex.finish(false)
	return nil
}

// carryOut makes one write by itself.
func (ex *exchange) carryOut(w *write) (c storage.Change, err error) {
	err = w.table.Write(func() error {
		old := w.table.Get(w.place)
		if c, err = w.evaluate(old); err != nil {
			ex.meter.writeBytes(w.table.Name, old.Bytes())
			return err
		}
		ex.meter.write(c)
		return ex.db.store.Commit([]storage.Change{c}, nil)
	})
	return c, err
}

// returned picks what ReturnValues asks for.
func (w *write) returned(mode string, c storage.Change) attribute.Item {
	var old, updated attribute.Item
	if c.Old != nil {
		old = c.Old.Item()
	}
	if c.Updated != nil {
		updated = c.Updated.Item()
	}
	switch mode {
	case "ALL_OLD":
		return old
	case "ALL_NEW":
		return updated
	case "UPDATED_OLD":
		return w.touched(old)
	case "UPDATED_NEW":
		return w.touched(updated)
	}
	return nil
}

func (w *write) touched(it attribute.Item) attribute.Item {
	if w.update == nil {
		return nil
	}
	return w.update.Touched(it)
}
