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
		ex.out = appendItem(member(ex.out, "Item"), projected(found.attributes, paths))
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

func projected(it item, paths []path) item {
	if paths == nil {
		return it
	}
	return project(it, paths)
}

func (t *table) find(at place) (found *record, err error) {
	err = t.reading(func() { found = t.items.get(at) })
	return found, err
}

// bytes is the size of a record, 0 for none.
func (r *record) bytes() int {
	if r == nil {
		return 0
	}
	return r.size
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
func (ex *exchange) carryOut(w *write) (change, error) {
	t := w.table
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped {
		return change{}, notFound(t.name)
	}
	old := t.items.get(w.place)
	c, err := w.evaluate(old)
	if err != nil {
		ex.meter.writeBytes(t.name, old.bytes())
		return c, err
	}
	ex.meter.write(c)
	return c, ex.db.commit([]change{c}, nil)
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

// touched keeps the attributes that the update writes to or into.
func (w *write) touched(it item) item {
	if w.update == nil {
		return nil
	}
	var names []path
	for _, target := range w.update.targets() {
		names = append(names, target[:1])
	}
	return project(it, names)
}
