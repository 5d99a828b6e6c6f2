package dynamodb

// maxItemBytes is the most that an item can weigh.
const maxItemBytes = 400 << 10

// write is one prepared write, alone or as an action of a transaction. Whatever
// can be checked without looking at the stored item has been checked.
type write struct {
	kind      string // Put, Update, Delete, ConditionCheck
	table     *table
	key       item
	place     place
	record    *record // Put: what to store
	update    *update // Update: nil when there is no expression
	condition condition
	showOld   bool // the stored item goes with a failed condition
}

// prepareWrite checks a request by itself: key, item, expressions.
func prepareWrite(kind string, t *table, q *request) (*write, error) {
	w := &write{kind: kind, table: t, key: q.key, showOld: q.returnOnFailure == "ALL_OLD"}
	if err := w.parse(q); err != nil {
		return nil, err
	}
	if kind == "Put" {
		if !q.hasItem {
			return nil, missingMember("item")
		}
		if err := t.schema.checkItemKey(q.item); err != nil {
			return nil, err
		}
		w.record = t.newRecord(q.item)
		w.key, w.place = t.schema.keyOf(q.item), w.record.place
		if w.record.size > maxItemBytes {
			return nil, invalid("Item size has exceeded the maximum allowed size")
		}
		return w, nil
	}
	if !q.hasKey {
		return nil, missingMember("key")
	}
	if err := t.schema.checkKey(q.key); err != nil {
		return nil, err
	}
	w.place = t.schema.placeOf(q.key)
	return w, nil
}

func missingMember(name string) error {
	return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", name)
}

func (w *write) parse(q *request) (err error) {
	if text := q.conditions.condition; text != nil {
		if w.condition, _, err = parseCondition("ConditionExpression", *text, &q.given); err != nil {
			return err
		}
	} else if w.kind == "ConditionCheck" {
		return missingMember("conditionExpression")
	}
	if text := q.conditions.update; text != nil && w.kind == "Update" {
		if w.update, err = parseUpdate(*text, &q.given); err != nil {
			return err
		}
	}
	return q.given.checkUsed()
}

// evaluate decides what the write does to the stored item, nil when there is
// none. The caller holds the table's lock.
func (w *write) evaluate(old *record) (change, error) {
	c := change{table: w.table, old: old}
	if err := w.checkKeyUntouched(); err != nil {
		return c, err
	}
	var attributes item
	if old != nil {
		attributes = old.attributes
	}
	if w.condition != nil && !w.condition.holds(attributes) {
		if w.showOld {
			return c, conditionFailed(attributes)
		}
		return c, conditionFailed(nil)
	}
	switch w.kind {
	case "Put":
		c.updated = w.record
	case "Update":
		updated, err := w.updated(attributes)
		if err != nil {
			return c, err
		}
		c.updated = updated
	case "ConditionCheck":
		c.updated = old
	}
	if c.updated == nil || c.updated == old {
		return c, nil
	}
	return c, w.table.checkIndexKeys(c.updated.attributes)
}

// checkKeyUntouched refuses an update of what names the item.
func (w *write) checkKeyUntouched() error {
	if w.update == nil {
		return nil
	}
	for _, target := range w.update.targets() {
		if w.table.schema.has(target.attribute()) {
			return invalidValue("Cannot update attribute %s. This attribute is part of the key", target.attribute())
		}
	}
	return nil
}

func (w *write) updated(old item) (*record, error) {
	base := old
	if base == nil {
		base = w.key
	}
	if w.update != nil {
		changed, err := w.update.apply(old, base)
		if err != nil {
			return nil, err
		}
		base = changed
	}
	r := &record{place: w.place, attributes: base, size: base.size()}
	switch {
	case r.size > maxItemBytes:
		return nil, invalid("Item size to update has exceeded the maximum allowed size")
	case base.nesting() > maxNesting:
		return nil, invalid("Nesting Levels have exceeded supported limits")
	}
	return r, nil
}
