package dynamo

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const operationPrefix = "OPERATION#"

func init() {
	declare(kind{
		name: "operation", pk: "<env>#CUS#<key>", sk: operationPrefix + "<id>", version: 1,
		state: func(s *billing.State, r row) error {
			var op billing.Operation
			err := r.json("data", &op)
			s.Operations = append(s.Operations, op)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, op := range w.Operations {
				out = append(out, t.remove(operationKey(t.env, w.Key, op.ID), isThere, nil))
			}
			return out
		},
	})
}

func (t *transaction) SaveOperation(w app.SaveOperation) {
	r := newRow(operationKey(t.env, w.Key, w.Operation.ID))
	r.setJSON("data", w.Operation)
	r.setDue(t.env, w.Key, w.Due, w.Operation.ID)
	if w.Operation.State == billing.Running {
		r.waits(t.env, app.Unfinished, w.Operation.CreatedAt, w.Operation.ID)
	}
	if w.Begin {
		r.setText("begin", w.Operation.ID)
	}
	t.add(t.put(r, whenever, nil))
}

func (t *transaction) EndOperation(w app.EndOperation) {
	t.add(t.remove(operationKey(t.env, w.Key, w.ID), isThere, nil))
}

func operationKey(env catalog.Env, customerKey, id string) key {
	return key{customerPK(env, customerKey), operationPrefix + id}
}

// OperationIn implements app.Store. An operation that is to be begun at once
// has its id in the attribute `begin`, which the stream's filter looks for.
func (s *Store) OperationIn(image []byte) (catalog.Env, app.Due, bool) {
	var in struct {
		PK    struct{ S string }
		Begin struct{ S string } `json:"begin"`
	}
	if err := json.Unmarshal(image, &in); err != nil || in.Begin.S == "" {
		return "", app.Due{}, false
	}
	env, customerKey, ok := strings.Cut(in.PK.S, customerPK("", ""))
	return catalog.Env(env), app.Due{Key: customerKey, OperationID: in.Begin.S}, ok
}

func init() {
	declare(kind{
		name: "finished operation", pk: "<env>#DONE#<id>", sk: "DONE", version: 1,
	})
}

func (t *transaction) OperationDone(w app.OperationDone) {
	r := newRow(lookUp(t.env, "DONE", w.OperationID))
	r.setJSON("data", w.Outcome)
	r.setInt("ttl", w.Now.Add(operationKept).Unix())
	t.add(t.put(r, isNew, nil))
}

// operationKept is how long the key of a command is remembered that had its effect: rows, and objects at
// Stripe, are named after it, so it has none again. Our choice.
const operationKept = 400 * 24 * time.Hour

// Done implements app.Store.
func (s *Store) Done(ctx context.Context, env catalog.Env, operationID string) (app.Outcome, bool, error) {
	r, err := s.get(ctx, lookUp(env, "DONE", operationID))
	if err != nil || len(r) == 0 {
		return app.Outcome{}, false, err
	}
	var o app.Outcome
	return o, true, r.json("data", &o)
}
