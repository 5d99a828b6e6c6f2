package dynamodb

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/expression"
	"windfall/local/dynamodb/keys"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// maxItemBytes is the greatest size of an item.
const maxItemBytes = 400 << 10

// write is one prepared write, alone or as an action of a transaction. All checks
// that do not need the stored item are done.
type write struct {
	kind      string // Put, Update, Delete, ConditionCheck
	table     *storage.Table
	key       attribute.Item
	place     keys.Place
	record    *storage.Record    // Put: what to store
	update    *expression.Update // Update: nil when there is no expression
	condition expression.Condition
	showOld   bool // the stored item goes with a failed condition
}

// prepareWrite checks a request by itself: key, item, expressions.
func prepareWrite(kind string, t *storage.Table, q *request) (*write, error) {
	w := &write{kind: kind, table: t, key: q.key, showOld: q.returnOnFailure == "ALL_OLD"}
	if err := w.parse(q); err != nil {
		return nil, err
	}
	if kind == "Put" {
		if !q.hasItem {
			return nil, missingMember("item")
		}
		if err := t.Schema.CheckItem(q.item); err != nil {
			return nil, err
		}
		w.record = t.NewRecord(q.item)
		w.key, w.place = t.Schema.KeyOf(q.item), w.record.Place
		if w.record.Size > maxItemBytes {
			return nil, protocol.Invalid("Item size has exceeded the maximum allowed size")
		}
		return w, nil
	}
	if !q.hasKey {
		return nil, missingMember("key")
	}
	if err := t.Schema.CheckKey(q.key); err != nil {
		return nil, err
	}
	w.place = t.Schema.PlaceOf(q.key)
	return w, nil
}

func missingMember(name string) error {
	return protocol.Invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", name)
}

func (w *write) parse(q *request) (err error) {
	if text := q.conditions.condition; text != nil {
		if w.condition, _, err = expression.ParseCondition("ConditionExpression", *text, &q.given); err != nil {
			return err
		}
	} else if w.kind == "ConditionCheck" {
		return missingMember("conditionExpression")
	}
	if text := q.conditions.update; text != nil && w.kind == "Update" {
		if w.update, err = expression.ParseUpdate(*text, &q.given); err != nil {
			return err
		}
	}
	return q.given.CheckUsed()
}

// evaluate decides on the change to the stored item, nil when there is none. The caller holds the table's lock.
func (w *write) evaluate(old *storage.Record) (storage.Change, error) {
	c := storage.Change{Table: w.table, Old: old}
	if err := w.checkKeyUntouched(); err != nil {
		return c, err
	}
	var attributes attribute.Item
	if old != nil {
		attributes = old.Item()
	}
	if w.condition != nil && !w.condition.Holds(attributes) {
		if w.showOld {
			return c, conditionFailed(attributes)
		}
		return c, conditionFailed(nil)
	}
	switch w.kind {
	case "Put":
		c.Updated = w.record
	case "Update":
		updated, err := w.updated(attributes)
		if err != nil {
			return c, err
		}
		c.Updated = updated
	case "ConditionCheck":
		c.Updated = old
	}
	if c.Updated == nil || c.Updated == old {
		return c, nil
	}
	return c, w.table.CheckIndexKeys(c.Updated.Item())
}

// checkKeyUntouched refuses an update of the key.
func (w *write) checkKeyUntouched() error {
	if w.update == nil {
		return nil
	}
	for _, target := range w.update.Targets() {
		if w.table.Schema.Has(target.Attribute()) {
			return protocol.InvalidValue("Cannot update attribute %s. This attribute is part of the key", target.Attribute())
		}
	}
	return nil
}

func (w *write) updated(old attribute.Item) (*storage.Record, error) {
	base := old
	if base == nil {
		base = w.key
	}
	if w.update != nil {
		changed, err := w.update.Apply(old, base)
		if err != nil {
			return nil, err
		}
		base = changed
	}
	r := storage.NewRecord(w.place, base)
	switch {
	case r.Size > maxItemBytes:
		return nil, protocol.Invalid("Item size to update has exceeded the maximum allowed size")
	case base.Nesting() > attribute.MaxNesting:
		return nil, protocol.Invalid("Nesting Levels have exceeded supported limits")
	}
	return r, nil
}
