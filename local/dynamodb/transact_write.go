package dynamodb

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
)

func (ex *exchange) transactWriteItems(r *jsonReader) error {
	q, err := ex.readTransaction(r, "Put", "Update", "Delete", "ConditionCheck")
	if err != nil {
		return err
	}
	writes, err := ex.prepareWrites(q)
	if err != nil {
		return err
	}
	use := q.tokenUse()
	if use != nil {
		use.at = ex.db.now()
	}
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
		t, err := ex.table(a.request.table)
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
		if bytes += w.record.bytes(); bytes > maxTransactionBytes {
			return nil, errTransactionSize
		}
		ex.touch(transactAction[a.kind], t, w.key)
		writes[i] = w
	}
	return writes, nil
}

var errTransactionSize = invalid("Collection size of items in the transaction exceeded the limit of 4 MB")

// tokenUse is the request's token and what it stands for, nil without one.
func (q *transactRequest) tokenUse() *tokenUse {
	if !q.hasToken {
		return nil
	}
	var text []byte
	for _, a := range q.actions {
		text = a.request.fingerprint(text, a.kind)
	}
	return &tokenUse{token: q.token, hash: sha256.Sum256(text)}
}

// transact carries out all writes or none.
func (ex *exchange) transact(writes []*write, use *tokenUse) error {
	unlock, err := lockFor(writes)
	if err != nil {
		return err
	}
	defer unlock()
	if use != nil {
		switch repeated, err := ex.db.seenToken(*use); {
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
	return ex.db.commit(changes, use)
}

func (db *DB) seenToken(use tokenUse) (bool, error) {
	db.commits.Lock()
	defer db.commits.Unlock()
	return db.tokens.seen(use)
}

// readAgain counts what AWS charges for repeating a token: reading the items.
func (ex *exchange) readAgain(writes []*write) {
	for _, w := range writes {
		ex.meter.read(w.table.name, "", w.table.items.get(w.place).bytes(), true)
	}
}

// lockFor locks the tables of all writes, in the order of their names.
func lockFor(writes []*write) (unlock func(), err error) {
	var tables []*table
	for _, w := range writes {
		if !slices.Contains(tables, w.table) {
			tables = append(tables, w.table)
		}
	}
	slices.SortFunc(tables, func(a, b *table) int { return strings.Compare(a.name, b.name) })
	for _, t := range tables {
		t.mu.Lock()
		if t.dropped {
			err = notFound(t.name)
		}
	}
	unlock = func() {
		for _, t := range tables {
			t.mu.Unlock()
		}
	}
	if err != nil {
		unlock()
	}
	return unlock, err
}

// evaluateAll decides on every write. When one of them cannot be done, it tells
// the reason for each, in order.
func (ex *exchange) evaluateAll(writes []*write) ([]change, error) {
	changes := make([]change, len(writes))
	reasons := make([]reason, len(writes))
	failed, bytes := false, 0
	for i, w := range writes {
		c, err := w.evaluate(w.table.items.get(w.place))
		changes[i], reasons[i] = c, reason{code: "None"}
		if err != nil {
			failed, reasons[i] = true, reasonFor(err)
		}
		if c.updated != nil && c.updated != c.old {
			bytes += c.updated.size
		}
	}
	if failed {
		for _, c := range changes {
			ex.meter.writeBytes(c.table.name, c.old.bytes())
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

func reasonFor(err error) reason {
	var e *apiError
	if !errors.As(err, &e) {
		return reason{code: "InternalServerError", message: err.Error()}
	}
	switch e.code {
	case "ConditionalCheckFailedException":
		return reason{code: "ConditionalCheckFailed", message: e.message, item: e.item}
	case "ValidationException":
		return reason{code: "ValidationError", message: e.message}
	}
	return reason{code: e.code, message: e.message}
}
