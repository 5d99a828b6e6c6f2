package dynamodb

func (ex *exchange) getItem(r *jsonReader) error {
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
	if err := t.schema.checkKey(q.key); err != nil {
		return err
	}
	ex.touch("GetItem", t, q.key)
	if err := ex.admit(); err != nil {
		return err
	}
	found, err := t.find(t.schema.placeOf(q.key))
	if err != nil {
		return err
	}
	ex.meter.read(t.name, "", found.bytes(), q.consistent)
	ex.out = append(ex.out, '{')
	if found != nil {
		ex.out = appendItem(member(ex.out, "Item"), project(found.attributes, paths))
	}
	ex.finish(false)
	return nil
}

// projection reads the ProjectionExpression of a request that has no other
// expression; no paths stand for everything.
func (q *request) projection() (paths []path, err error) {
	if text := q.conditions.projection; text != nil {
		if paths, err = parseProjection(*text, &q.given); err != nil {
			return nil, err
		}
	}
	return paths, q.given.checkUsed()
}

// finish closes the answer's object, with the capacity when it was asked for.
func (ex *exchange) finish(list bool) {
	ex.out = append(ex.meter.appendConsumed(ex.out, list), '}')
}

func (ex *exchange) putItem(r *jsonReader) error    { return ex.writeOne("Put", r) }
func (ex *exchange) updateItem(r *jsonReader) error { return ex.writeOne("Update", r) }
func (ex *exchange) deleteItem(r *jsonReader) error { return ex.writeOne("Delete", r) }

func (ex *exchange) writeOne(kind string, r *jsonReader) error {
	q, t, err := ex.single(r)
	if err != nil {
		return err
	}
	if kind != "Update" && q.returnValues != "" && q.returnValues != "NONE" && q.returnValues != "ALL_OLD" {
		return invalid("Return values set to invalid value")
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
		ex.out = appendItem(member(ex.out, "Attributes"), shown)
	}
	ex.finish(false)
	return nil
}

// carryOut makes one write by itself.
func (ex *exchange) carryOut(w *write) (c change, err error) {
	err = w.table.write(func() error {
		old := w.table.get(w.place)
		if c, err = w.evaluate(old); err != nil {
			ex.meter.writeBytes(w.table.name, old.bytes())
			return err
		}
		ex.meter.write(c)
		return ex.db.store.commit([]change{c}, nil)
	})
	return c, err
}

// returned picks what ReturnValues asks for.
func (w *write) returned(mode string, c change) item {
	var old, updated item
	if c.old != nil {
		old = c.old.attributes
	}
	if c.updated != nil {
		updated = c.updated.attributes
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

func (w *write) touched(it item) item {
	if w.update == nil {
		return nil
	}
	return w.update.touched(it)
}
