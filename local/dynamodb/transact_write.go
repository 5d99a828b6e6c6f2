package dynamodb

import (
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// maxTransactionBytes is the greatest size of all items in a transaction.
const maxTransactionBytes = 4 << 20

func (ex *exchange) transactWriteItems(r *protocol.Reader) error {
	q, err := ex.readTransaction(r, "Put", "Update", "Delete", "ConditionCheck")
	if err != nil {
		return err
	}
	writes, err := ex.prepareWrites(q)
	if err != nil {
		return err
	}
	use := ex.tokenUse(q)
	if err := ex.admit(); err != nil {
		return err
	}
	if err := ex.transact(writes, use); err != nil {
		return err
	}
	ex.out = append(ex.out, '{')
	ex.finish(true)
	return nil
}

// prepareWrites checks every action by itself, in order, and that no two of them
// touch one item.
func (ex *exchange) prepareWrites(q *transactRequest) ([]*write, error) {
	writes := make([]*write, len(q.actions))
	seen := make(map[location]bool, len(writes))
	bytes := 0
	for i, a := range q.actions {
		t, err := ex.db.store.Table(a.request.table)
		if err != nil {
			return nil, err
		}
		w, err := prepareWrite(a.kind, t, a.request)
		if err != nil {
			return nil, err
		}
		if a.kind == "Update" && w.update == nil {
			return nil, missingMember("updateExpression")
		}
		if err := checkDistinct(seen, location{t, w.place}); err != nil {
			return nil, err
		}
		if bytes += w.record.Bytes(); bytes > maxTransactionBytes {
			return nil, errTransactionSize
		}
		ex.touch(transactAction[a.kind], t, w.key)
		writes[i] = w
	}
	return writes, nil
}

var errTransactionSize = protocol.Invalid("Collection size of items in the transaction exceeded the limit of 4 MB")

// transact carries out all writes or none.
func (ex *exchange) transact(writes []*write, use *storage.TokenUse) error {
	tables := make([]*storage.Table, len(writes))
	for i, w := range writes {
		tables[i] = w.table
	}
	return storage.WriteTogether(tables, func() error {
		if use != nil {
			switch repeated, err := ex.db.store.Repeated(*use); {
			case err != nil:
				return err
			case repeated:
				ex.readAgain(writes)
				return nil
			}
		}
		changes, err := ex.evaluateAll(writes)
		if err != nil {
			return err
		}
		return ex.db.store.Commit(changes, use)
	})
}

// readAgain counts what AWS charges for repeating a token: reading the items.
func (ex *exchange) readAgain(writes []*write) {
	for _, w := range writes {
		ex.meter.read(w.table.Name, "", w.table.Get(w.place).Bytes(), true)
	}
}

// evaluateAll decides on every write. When one of them cannot be done, it tells
// the reason for each, in order.
func (ex *exchange) evaluateAll(writes []*write) ([]storage.Change, error) {
	changes := make([]storage.Change, len(writes))
	reasons := make([]reason, len(writes))
	failed, bytes := false, 0
	for i, w := range writes {
		c, err := w.evaluate(w.table.Get(w.place))
		changes[i], reasons[i] = c, reason{code: "None"}
		if err != nil {
			failed, reasons[i] = true, reasonFor(err)
		}
		if c.Updated != nil && c.Updated != c.Old {
			bytes += c.Updated.Size
		}
	}
	if failed {
		for _, c := range changes {
			ex.meter.writeBytes(c.Table.Name, c.Old.Bytes())
		}
		return nil, cancelled(reasons)
	}
	if bytes > maxTransactionBytes {
		return nil, errTransactionSize
	}
	for _, c := range changes {
		ex.meter.write(c)
	}
	return changes, nil
}
