package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

func init() {
	declare(kind{
		name: "finished operation", pk: "<env>#DONE#<id>", sk: "DONE", version: 1,
	})
}

func (t *transaction) OperationDone(w app.OperationDone) {
	r := newRow(lookUp(t.env, "DONE", w.OperationID))
	r.setJSON("data", w.Outcome)
	r.setInt("ttl", w.Now.Add(2*answerKept).Unix())
	t.add(t.put(r, isNew, nil))
}

// Done implements app.Store.
func (s *Store) Done(ctx context.Context, env catalog.Env, operationID string) (app.Outcome, bool, error) {
	r, err := s.get(ctx, lookUp(env, "DONE", operationID))
	if err != nil || len(r) == 0 {
		return app.Outcome{}, false, err
	}
	var o app.Outcome
	return o, true, r.json("data", &o)
}
